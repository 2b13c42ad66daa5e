// Generated from contracts/openapi.json by `make types`. Not edited by hand.

export interface paths {
    "/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** State of the service and of each model. */
        get: operations["health"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/predict/anomaly": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/predict/credit_risk": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/predict/intent": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/predict/ner": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/predict/spending": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/predict/anomaly": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Score a transaction against the user's own habits. */
        post: operations["predictAnomaly"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/predict/credit_risk": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Tell how likely an applicant is to default, and why. */
        post: operations["predictCreditRisk"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/predict/intent": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Classify what a user asks for. */
        post: operations["predictIntent"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/predict/ner": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Find entities in a text and give their normalised values. */
        post: operations["predictNer"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/predict/spending": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Forecast a user's monthly spending. */
        post: operations["predictSpending"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/transactions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Store transactions of any users: all of them, or none. */
        post: operations["storeTransactions"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/users/erase": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Delete all that is stored about a user. */
        post: operations["eraseUser"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description A kind of account. */
        AccountValue: {
            /** @enum {string} */
            account: "checking" | "savings" | "joint" | "credit" | "business" | "investment";
        };
        /** @description Money. */
        AmountValue: {
            /**
             * @description A decimal number.
             * @example 1200.50
             */
            amount: string;
            /** @description ISO 4217, null where the text does not say. */
            currency: string | null;
        };
        /** @description The answer of `POST /v1/predict/anomaly`. */
        AnomalyAnswer: {
            /** @description Earlier transactions that the score rests on, at most 2,000. */
            history_size: number;
            /** @description The score is above the threshold. */
            is_anomaly: boolean;
            model: components["schemas"]["ModelRef"];
            /** @description UUIDv7, new for each answer, cached ones too. */
            prediction_id: string;
            /** @description Largest contribution first; empty only when nothing stands out. */
            reasons: components["schemas"]["AnomalyReason"][];
            /** @description 0.5 for what one ordinary transaction in 200 reaches; grows with strangeness. */
            score: number;
            /**
             * @description `none` up to the threshold; above, by how rare it is.
             * @enum {string}
             */
            severity: "none" | "low" | "medium" | "high";
            /** @description The score that the deployment's share of ordinary transactions exceeds. */
            threshold: number;
        };
        /** @description One thing that is strange about the transaction. */
        AnomalyReason: {
            /**
             * @description Name of a feature, such as `amount_category`.
             * @example amount_category
             */
            code: string;
            /** @description Its part of the score: the Shapley value among all that stands out. */
            contribution: number;
            /** @description What is strange, with its number and the user's usual one. */
            message: string;
        };
        /** @description One transaction to score, and whose it is. */
        AnomalyRequest: {
            /**
             * @description The user's other transactions, read instead of the stored ones. Those dated before the transaction count, the newest 2,000 of them.
             * @default null
             */
            history?: components["schemas"]["Transaction"][] | null;
            /** @description The transaction to score; it is not stored. */
            transaction: components["schemas"]["Transaction"];
            /**
             * @description Whose account; never logged in clear.
             * @example user-1
             */
            user_id: string;
        };
        /** @description How this method would have done on the user's own last months, each forecast from the months before it. */
        Backtest: {
            /** @description Share of the months inside their 80 % interval. */
            coverage: number;
            /** @description Mean absolute error. */
            mae: number;
            /** @description The same in units of the seasonal naive error within the history. */
            mase: number;
        };
        /** @description A card, by its last digits. */
        CardValue: {
            last4: string;
            /** @description Whether the check digit of a full number holds; null for the last digits. */
            valid: boolean | null;
        };
        /** @description A kind of spending. */
        CategoryValue: {
            /** @description Canonical English name in snake_case. */
            category: string;
        };
        /** @description The answer of `POST /v1/predict/credit_risk`. */
        CreditRiskAnswer: {
            /** @enum {string} */
            band: "A" | "B" | "C" | "D" | "E";
            /** @description What band and decision were made with: settings of the lender. */
            cutoffs: components["schemas"]["Cutoffs"];
            /** @enum {string} */
            decision: "approve" | "review" | "decline";
            model: components["schemas"]["ModelRef"];
            /** @description A warning that goes with the model; null for a lender's own. */
            notice: string | null;
            /** @description UUIDv7, new for each answer, cached ones too. */
            prediction_id: string;
            /** @description Calibrated on applications the model was not fitted to. */
            probability_of_default: number;
            /** @description What counts most against the application, worst first. */
            reasons: components["schemas"]["Reason"][];
            /** @description 600 at 10:1 odds of repayment; 40 points more double the odds. */
            score: number;
        };
        /** @description A consumer loan application. */
        CreditRiskRequest: {
            /**
             * @description Age of the applicant (years). Not used in the decision.
             * @default null
             * @example 41
             */
            age?: number | null;
            /**
             * @description Time since the first credit (years).
             * @default null
             * @example 9
             */
            credit_history_years?: number | null;
            /**
             * @description Monthly debt payments over monthly income, this loan not included (share, 0.35 for 35 %).
             * @default null
             * @example 0.22
             */
            debt_to_income?: number | null;
            /**
             * @description Payments 30 days or more late in the last two years.
             * @default null
             * @example 0
             */
            delinquencies_2y?: number | null;
            /**
             * @description Time with the present employer or in the present business (years).
             * @default null
             * @example 4.5
             */
            employment_years?: number | null;
            /**
             * @description Loans being repaid now.
             * @default null
             * @example 1
             */
            existing_loans?: number | null;
            /**
             * @description How the applicant lives.
             * @default null
             * @example rent
             */
            housing?: ("own" | "mortgage" | "rent" | "with_family" | "other") | null;
            /**
             * @description Net income of the applicant (euros a year).
             * @example 34000
             */
            income: number;
            /**
             * @description Applications for credit in the last six months, this one not included.
             * @default null
             * @example 1
             */
            inquiries_6m?: number | null;
            /**
             * @description Amount applied for (euros).
             * @example 9000
             */
            loan_amount: number;
            /**
             * @description Credit cards and credit lines that are open.
             * @default null
             * @example 4
             */
            open_credit_lines?: number | null;
            /**
             * @description What the loan is for.
             * @default null
             * @example car
             */
            purpose?: ("car" | "home_improvement" | "debt_consolidation" | "education" | "medical" | "wedding" | "holiday" | "business" | "other") | null;
            /**
             * @description Balance on credit cards and lines over their limits (share, 0.5 for 50 %).
             * @default null
             * @example 0.31
             */
            revolving_utilisation?: number | null;
            /**
             * @description Time until the loan is repaid (months).
             * @example 36
             */
            term_months: number;
            /**
             * @description Whom the decision is about: erased with this user. Never scored, never logged in clear.
             * @default null
             */
            user_id?: string | null;
            /**
             * @description The longest that a payment was late in the last two years (days).
             * @default null
             * @example 0
             */
            worst_delinquency_days?: number | null;
        };
        /** @description The probabilities of default that band and decision turn on. */
        Cutoffs: {
            /** @description Where B, C, D and E begin. */
            bands: [
                number,
                number,
                number,
                number
            ];
            decline_from: number;
            review_from: number;
        };
        /** @description A day or a period, both ends included. */
        DateValue: {
            /** Format: date */
            end: string;
            /** Format: date */
            start: string;
        };
        /** @description An e-mail address. */
        EmailValue: {
            email: string;
        };
        /** @description A span of the text and what it stands for. */
        Entity: {
            /** @description Where it ends; the character there is no part of it. */
            end: number;
            label: string;
            /** @description How sure the model is of the span and its label. */
            score: number;
            /** @description Where the span begins, in the unit that was asked for. */
            start: number;
            /** @description The span, as it stands in the request's text. */
            text: string;
            /** @description By label; null where it cannot be resolved. */
            value: components["schemas"]["AmountValue"] | components["schemas"]["PercentValue"] | components["schemas"]["DateValue"] | components["schemas"]["NameValue"] | components["schemas"]["CategoryValue"] | components["schemas"]["AccountValue"] | components["schemas"]["CardValue"] | components["schemas"]["IbanValue"] | components["schemas"]["EmailValue"] | components["schemas"]["PhoneValue"] | null;
        };
        /** @description The answer of `POST /v1/users/erase`. */
        EraseAnswer: {
            /** @description Stored rows about the user that were deleted. */
            erased: number;
        };
        /** @description Whose data are to be deleted. */
        EraseRequest: {
            user_id: string;
        };
        /** @description The one shape of every error. */
        ErrorAnswer: {
            error: components["schemas"]["ErrorBody"];
        };
        /** @description What went wrong. */
        ErrorBody: {
            /** @description A code of the error table. */
            code: string;
            details: components["schemas"]["ErrorDetail"][];
            message: string;
            request_id: string;
        };
        /** @description One field that is wrong. */
        ErrorDetail: {
            field: string;
            message: string;
            type: string;
        } & {
            [key: string]: unknown;
        };
        /** @description The state of the service and of each model. */
        HealthAnswer: {
            models: components["schemas"]["ModelHealth"][];
            /** @enum {string} */
            status: "ok" | "degraded" | "down";
            uptime_s: number;
        };
        /** @description An international bank account number. */
        IbanValue: {
            /** @description Without spaces, upper case. */
            iban: string;
            /** @description Whether country, length and check digits hold. */
            valid: boolean;
        };
        /** @description The answer of `POST /v1/predict/intent`. */
        IntentAnswer: {
            /** @description The next best intents, best first; the nearest when out of scope. */
            alternatives: components["schemas"]["IntentScore"][];
            /** @description Calibrated: of the answers with 0.8, about 80 % are right. */
            confidence: number;
            in_scope: boolean;
            /** @description The intent, or `out_of_scope`. */
            intent: string;
            /** @enum {string} */
            language: "en" | "fr";
            model: components["schemas"]["ModelRef"];
            /** @description UUIDv7, new for each answer, cached ones too. */
            prediction_id: string;
        };
        /** @description One query of one user. */
        IntentRequest: {
            /**
             * @description The query's language; detected when left out.
             * @default null
             */
            language?: ("en" | "fr") | null;
            /**
             * @description What the user wrote or said.
             * @example What is my balance?
             */
            query: string;
            /**
             * @description How many alternatives to answer at most.
             * @default 3
             */
            top_k?: number;
            /**
             * @description Only for the caller's own logs; never logged in clear.
             * @default null
             */
            user_id?: string | null;
        };
        /** @description An intent and how probable it is. */
        IntentScore: {
            confidence: number;
            intent: string;
        };
        /** @description One model's state. */
        ModelHealth: {
            device: string | null;
            name: string;
            /** @enum {string} */
            state: "starting" | "ready" | "down";
            version: string | null;
        };
        /** @description Which model answered. */
        ModelRef: {
            /** @description Name of the model in the BentoML model store. */
            name: string;
            /** @description Version of its tag there. */
            version: string;
        };
        /** @description What was spent in one month. */
        MonthAmount: {
            /** @description The sum spent, as a positive number. */
            amount: number;
            /** @example 2026-03 */
            month: string;
        };
        /** @description One month ahead. */
        MonthForecast: {
            /** @description The amount expected. */
            amount: number;
            /** @description Lower end of the 80 % interval. */
            lower: number;
            month: string;
            /** @description Upper end of the 80 % interval. */
            upper: number;
        };
        /** @description A merchant, a person or a place. */
        NameValue: {
            name: string;
        };
        /** @description The answer of `POST /v1/predict/ner`. */
        NerAnswer: {
            /** @description Sorted by `start`, never overlapping. */
            entities: components["schemas"]["Entity"][];
            model: components["schemas"]["ModelRef"];
            /** @description UUIDv7, new for each answer, cached ones too. */
            prediction_id: string;
        };
        /** @description One text of one user. */
        NerRequest: {
            /**
             * @description The text's language; detected when left out.
             * @default null
             */
            language?: ("en" | "fr") | null;
            /**
             * @description What `start` and `end` count: Unicode code points, or UTF-16 units.
             * @default codepoint
             * @enum {string}
             */
            offset_unit?: "codepoint" | "utf16";
            /**
             * @description The day that `yesterday` is the day before of; today (UTC) when left out.
             * @default null
             */
            reference_date?: string | null;
            /**
             * @description What the user wrote or said.
             * @example Send 50 bucks to Marie Dupont next Friday
             */
            text: string;
        };
        /** @description A share in percent. */
        PercentValue: {
            /**
             * @description A decimal number.
             * @example 3.5
             */
            percent: string;
        };
        /** @description A telephone number. */
        PhoneValue: {
            /** @description E.164 where the country is known. */
            phone: string | null;
        };
        /** @description Something that counts against the application. */
        Reason: {
            /** @description The cause, from the feature specification; stable, for machines. */
            code: string;
            /** @description The field of the request that weighs most in it. */
            feature: string;
            /** @description How much it adds to the log-odds of default, against the average answer. */
            impact: number;
            /** @description The cause in plain words. */
            message: string;
        };
        /** @description The answer of `POST /v1/predict/spending`. */
        SpendingAnswer: {
            /** @description Null where the history is too short for one. */
            backtest: components["schemas"]["Backtest"] | null;
            currency: string;
            history_months: number;
            /** @description What made the forecast, and which currencies it leaves out. */
            method: string;
            model: components["schemas"]["ModelRef"];
            months: components["schemas"]["MonthForecast"][];
            /** @description UUIDv7, new for each answer, cached ones too. */
            prediction_id: string;
            /** @description Sum of the amounts. */
            total: number;
            /**
             * @description The coming year against the last.
             * @enum {string}
             */
            trend: "rising" | "falling" | "stable";
            user_id: string;
        };
        /** @description A forecast for one user. */
        SpendingRequest: {
            /**
             * @description Today when left out. Stored months that end before it are complete.
             * @default null
             */
            as_of?: string | null;
            /**
             * @description Limits history and forecast to one category.
             * @default null
             */
            category?: string | null;
            /**
             * @description Complete months, used in place of the stored transactions; missing ones between count as 0.
             * @default null
             */
            history?: components["schemas"]["MonthAmount"][] | null;
            /**
             * @description How many months to forecast.
             * @default 12
             */
            months?: number;
            /**
             * @description Never logged in clear.
             * @example user-1
             */
            user_id: string;
        };
        /** @description One movement of money on a user's account. */
        Transaction: {
            /**
             * @description Spending is negative, income positive.
             * @example -45.9
             */
            amount: number | string;
            /** @default null */
            category?: string | null;
            /** @default null */
            channel?: string | null;
            /** @default null */
            country?: string | null;
            /**
             * @description ISO 4217.
             * @example EUR
             */
            currency: string;
            /** @default null */
            description?: string | null;
            /** @default null */
            id?: string | null;
            /** @default null */
            merchant?: string | null;
            /**
             * Format: date-time
             * @description ISO 8601, read as UTC where no zone is given; its month is that of the zone it is written in.
             * @example 2026-01-31T18:05:00+01:00
             */
            timestamp: string;
        };
        /** @description The answer of `POST /v1/transactions`; both numbers together are as many as were sent. */
        TransactionsAnswer: {
            /** @description Transactions that were stored already as they are. */
            duplicates: number;
            /** @description Transactions that are new, or replaced one of the same id. */
            stored: number;
        };
        /** @description Transactions to store, of any users. */
        TransactionsRequest: {
            transactions: components["schemas"]["UserTransaction"][];
        };
        /** @description A transaction as it is stored. */
        UserTransaction: {
            /**
             * @description Spending is negative, income positive.
             * @example -45.9
             */
            amount: number | string;
            /** @default null */
            category?: string | null;
            /** @default null */
            channel?: string | null;
            /** @default null */
            country?: string | null;
            /**
             * @description ISO 4217.
             * @example EUR
             */
            currency: string;
            /** @default null */
            description?: string | null;
            /** @description The same id again replaces the transaction. */
            id: string;
            /** @default null */
            merchant?: string | null;
            /**
             * Format: date-time
             * @description ISO 8601, read as UTC where no zone is given; its month is that of the zone it is written in.
             * @example 2026-01-31T18:05:00+01:00
             */
            timestamp: string;
            user_id: string;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type AccountValue = components['schemas']['AccountValue'];
export type AmountValue = components['schemas']['AmountValue'];
export type AnomalyAnswer = components['schemas']['AnomalyAnswer'];
export type AnomalyReason = components['schemas']['AnomalyReason'];
export type AnomalyRequest = components['schemas']['AnomalyRequest'];
export type Backtest = components['schemas']['Backtest'];
export type CardValue = components['schemas']['CardValue'];
export type CategoryValue = components['schemas']['CategoryValue'];
export type CreditRiskAnswer = components['schemas']['CreditRiskAnswer'];
export type CreditRiskRequest = components['schemas']['CreditRiskRequest'];
export type Cutoffs = components['schemas']['Cutoffs'];
export type DateValue = components['schemas']['DateValue'];
export type EmailValue = components['schemas']['EmailValue'];
export type Entity = components['schemas']['Entity'];
export type EraseAnswer = components['schemas']['EraseAnswer'];
export type EraseRequest = components['schemas']['EraseRequest'];
export type ErrorAnswer = components['schemas']['ErrorAnswer'];
export type ErrorBody = components['schemas']['ErrorBody'];
export type ErrorDetail = components['schemas']['ErrorDetail'];
export type HealthAnswer = components['schemas']['HealthAnswer'];
export type IbanValue = components['schemas']['IbanValue'];
export type IntentAnswer = components['schemas']['IntentAnswer'];
export type IntentRequest = components['schemas']['IntentRequest'];
export type IntentScore = components['schemas']['IntentScore'];
export type ModelHealth = components['schemas']['ModelHealth'];
export type ModelRef = components['schemas']['ModelRef'];
export type MonthAmount = components['schemas']['MonthAmount'];
export type MonthForecast = components['schemas']['MonthForecast'];
export type NameValue = components['schemas']['NameValue'];
export type NerAnswer = components['schemas']['NerAnswer'];
export type NerRequest = components['schemas']['NerRequest'];
export type PercentValue = components['schemas']['PercentValue'];
export type PhoneValue = components['schemas']['PhoneValue'];
export type Reason = components['schemas']['Reason'];
export type SpendingAnswer = components['schemas']['SpendingAnswer'];
export type SpendingRequest = components['schemas']['SpendingRequest'];
export type Transaction = components['schemas']['Transaction'];
export type TransactionsAnswer = components['schemas']['TransactionsAnswer'];
export type TransactionsRequest = components['schemas']['TransactionsRequest'];
export type UserTransaction = components['schemas']['UserTransaction'];
export type $defs = Record<string, never>;
export interface operations {
    health: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    /** @description The caller's, or a new one. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HealthAnswer"];
                };
            };
            /** @description Something went wrong on our side. */
            500: {
                headers: {
                    /** @description The caller's, or a new one. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    predictAnomaly: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AnomalyRequest"];
            };
        };
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    /** @description `hit` or `miss`, where answers are kept. */
                    "x-cache"?: string;
                    /** @description The caller's, or a new one. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AnomalyAnswer"];
                };
            };
            /** @description The request breaks the contract. */
            400: {
                headers: {
                    /** @description The caller's, or a new one. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description A valid API key is needed. */
            401: {
                headers: {
                    /** @description The caller's, or a new one. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description The request body did not arrive in time. */
            408: {
                headers: {
                    /** @description Seconds to wait. */
                    "retry-after"?: string;
                    /** @description The caller's, or a new one. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description The request body is too large. */
            413: {
                headers: {
                    /** @description The caller's, or a new one. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description The service is full; try again shortly. */
            429: {
                headers: {
                    /** @description Seconds to wait. */
                    "retry-after"?: string;
                    /** @description The caller's, or a new one. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Something went wrong on our side. */
            500: {
                headers: {
                    /** @description The caller's, or a new one. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description The model is not available now; the others go on answering. */
            503: {
                headers: {
                    /** @description Seconds to wait. */
                    "retry-after"?: string;
                    /** @description The caller's, or a new one. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description The answer was not ready in time. */
            504: {
                headers: {
                    /** @description Seconds to wait. */
                    "retry-after"?: string;
                    /** @description The caller's, or a new one. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    predictCreditRisk: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreditRiskRequest"];
            };
        };
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    /** @description `hit` or `miss`, where answers are kept. */
                    "x-cache"?: string;
                    /** @description The caller's, or a new one. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CreditRiskAnswer"];
                };
            };
            /** @description The request breaks the contract. */
            400: {
                headers: {
                    /** @description The caller's, or a new one. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description A valid API key is needed. */
            401: {
                headers: {
                    /** @description The caller's, or a new one. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description The request body did not arrive in time. */
            408: {
                headers: {
                    /** @description Seconds to wait. */
                    "retry-after"?: string;
                    /** @description The caller's, or a new one. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description The request body is too large. */
            413: {
                headers: {
                    /** @description The caller's, or a new one. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description The service is full; try again shortly. */
            429: {
                headers: {
                    /** @description Seconds to wait. */
                    "retry-after"?: string;
                    /** @description The caller's, or a new one. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Something went wrong on our side. */
            500: {
                headers: {
                    /** @description The caller's, or a new one. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description The model is not available now; the others go on answering. */
            503: {
                headers: {
                    /** @description Seconds to wait. */
                    "retry-after"?: string;
                    /** @description The caller's, or a new one. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description The answer was not ready in time. */
            504: {
                headers: {
                    /** @description Seconds to wait. */
                    "retry-after"?: string;
                    /** @description The caller's, or a new one. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    predictIntent: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["IntentRequest"];
            };
        };
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    /** @description `hit` or `miss`, where answers are kept. */
                    "x-cache"?: string;
                    /** @description The caller's, or a new one. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IntentAnswer"];
                };
            };
            /** @description The request breaks the contract. */
            400: {
                headers: {
                    /** @description The caller's, or a new one. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description A valid API key is needed. */
            401: {
                headers: {
                    /** @description The caller's, or a new one. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description The request body did not arrive in time. */
            408: {
                headers: {
                    /** @description Seconds to wait. */
                    "retry-after"?: string;
                    /** @description The caller's, or a new one. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description The request body is too large. */
            413: {
                headers: {
                    /** @description The caller's, or a new one. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description The service is full; try again shortly. */
            429: {
                headers: {
                    /** @description Seconds to wait. */
                    "retry-after"?: string;
                    /** @description The caller's, or a new one. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Something went wrong on our side. */
            500: {
                headers: {
                    /** @description The caller's, or a new one. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description The model is not available now; the others go on answering. */
            503: {
                headers: {
                    /** @description Seconds to wait. */
                    "retry-after"?: string;
                    /** @description The caller's, or a new one. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description The answer was not ready in time. */
            504: {
                headers: {
                    /** @description Seconds to wait. */
                    "retry-after"?: string;
                    /** @description The caller's, or a new one. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    predictNer: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NerRequest"];
            };
        };
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    /** @description `hit` or `miss`, where answers are kept. */
                    "x-cache"?: string;
                    /** @description The caller's, or a new one. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NerAnswer"];
                };
            };
            /** @description The request breaks the contract. */
            400: {
                headers: {
                    /** @description The caller's, or a new one. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description A valid API key is needed. */
            401: {
                headers: {
                    /** @description The caller's, or a new one. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description The request body did not arrive in time. */
            408: {
                headers: {
                    /** @description Seconds to wait. */
                    "retry-after"?: string;
                    /** @description The caller's, or a new one. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description The request body is too large. */
            413: {
                headers: {
                    /** @description The caller's, or a new one. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description The service is full; try again shortly. */
            429: {
                headers: {
                    /** @description Seconds to wait. */
                    "retry-after"?: string;
                    /** @description The caller's, or a new one. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Something went wrong on our side. */
            500: {
                headers: {
                    /** @description The caller's, or a new one. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description The model is not available now; the others go on answering. */
            503: {
                headers: {
                    /** @description Seconds to wait. */
                    "retry-after"?: string;
                    /** @description The caller's, or a new one. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description The answer was not ready in time. */
            504: {
                headers: {
                    /** @description Seconds to wait. */
                    "retry-after"?: string;
                    /** @description The caller's, or a new one. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    predictSpending: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SpendingRequest"];
            };
        };
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    /** @description `hit` or `miss`, where answers are kept. */
                    "x-cache"?: string;
                    /** @description The caller's, or a new one. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SpendingAnswer"];
                };
            };
            /** @description The request breaks the contract. */
            400: {
                headers: {
                    /** @description The caller's, or a new one. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description A valid API key is needed. */
            401: {
                headers: {
                    /** @description The caller's, or a new one. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description There is nothing at this path. */
            404: {
                headers: {
                    /** @description The caller's, or a new one. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description The request body did not arrive in time. */
            408: {
                headers: {
                    /** @description Seconds to wait. */
                    "retry-after"?: string;
                    /** @description The caller's, or a new one. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description The request body is too large. */
            413: {
                headers: {
                    /** @description The caller's, or a new one. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description The service is full; try again shortly. */
            429: {
                headers: {
                    /** @description Seconds to wait. */
                    "retry-after"?: string;
                    /** @description The caller's, or a new one. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Something went wrong on our side. */
            500: {
                headers: {
                    /** @description The caller's, or a new one. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description The model is not available now; the others go on answering. */
            503: {
                headers: {
                    /** @description Seconds to wait. */
                    "retry-after"?: string;
                    /** @description The caller's, or a new one. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description The answer was not ready in time. */
            504: {
                headers: {
                    /** @description Seconds to wait. */
                    "retry-after"?: string;
                    /** @description The caller's, or a new one. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    storeTransactions: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TransactionsRequest"];
            };
        };
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    /** @description The caller's, or a new one. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TransactionsAnswer"];
                };
            };
            /** @description The request breaks the contract. */
            400: {
                headers: {
                    /** @description The caller's, or a new one. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description A valid API key is needed. */
            401: {
                headers: {
                    /** @description The caller's, or a new one. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description The request body did not arrive in time. */
            408: {
                headers: {
                    /** @description Seconds to wait. */
                    "retry-after"?: string;
                    /** @description The caller's, or a new one. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description The request body is too large. */
            413: {
                headers: {
                    /** @description The caller's, or a new one. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description The service is full; try again shortly. */
            429: {
                headers: {
                    /** @description Seconds to wait. */
                    "retry-after"?: string;
                    /** @description The caller's, or a new one. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Something went wrong on our side. */
            500: {
                headers: {
                    /** @description The caller's, or a new one. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description The model is not available now; the others go on answering. */
            503: {
                headers: {
                    /** @description Seconds to wait. */
                    "retry-after"?: string;
                    /** @description The caller's, or a new one. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description The answer was not ready in time. */
            504: {
                headers: {
                    /** @description Seconds to wait. */
                    "retry-after"?: string;
                    /** @description The caller's, or a new one. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    eraseUser: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["EraseRequest"];
            };
        };
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    /** @description The caller's, or a new one. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EraseAnswer"];
                };
            };
            /** @description The request breaks the contract. */
            400: {
                headers: {
                    /** @description The caller's, or a new one. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description A valid API key is needed. */
            401: {
                headers: {
                    /** @description The caller's, or a new one. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description The request body did not arrive in time. */
            408: {
                headers: {
                    /** @description Seconds to wait. */
                    "retry-after"?: string;
                    /** @description The caller's, or a new one. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description The request body is too large. */
            413: {
                headers: {
                    /** @description The caller's, or a new one. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description The service is full; try again shortly. */
            429: {
                headers: {
                    /** @description Seconds to wait. */
                    "retry-after"?: string;
                    /** @description The caller's, or a new one. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description Something went wrong on our side. */
            500: {
                headers: {
                    /** @description The caller's, or a new one. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description The model is not available now; the others go on answering. */
            503: {
                headers: {
                    /** @description Seconds to wait. */
                    "retry-after"?: string;
                    /** @description The caller's, or a new one. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
            /** @description The answer was not ready in time. */
            504: {
                headers: {
                    /** @description Seconds to wait. */
                    "retry-after"?: string;
                    /** @description The caller's, or a new one. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
}
