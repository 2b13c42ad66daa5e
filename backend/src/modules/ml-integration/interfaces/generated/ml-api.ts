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
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
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
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type ErrorAnswer = components['schemas']['ErrorAnswer'];
export type ErrorBody = components['schemas']['ErrorBody'];
export type ErrorDetail = components['schemas']['ErrorDetail'];
export type HealthAnswer = components['schemas']['HealthAnswer'];
export type IntentAnswer = components['schemas']['IntentAnswer'];
export type IntentRequest = components['schemas']['IntentRequest'];
export type IntentScore = components['schemas']['IntentScore'];
export type ModelHealth = components['schemas']['ModelHealth'];
export type ModelRef = components['schemas']['ModelRef'];
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
}
