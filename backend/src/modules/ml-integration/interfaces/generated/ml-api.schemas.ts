// Generated from contracts/openapi.json by `make types`. Not edited by hand.

export const contractVersion = '1.0.0';

export const schemas: Readonly<Record<string, object>> = {
  "AccountValue": {
    "additionalProperties": false,
    "description": "A kind of account.",
    "properties": {
      "account": {
        "enum": [
          "checking",
          "savings",
          "joint",
          "credit",
          "business",
          "investment"
        ],
        "type": "string"
      }
    },
    "required": [
      "account"
    ],
    "type": "object"
  },
  "AmountValue": {
    "additionalProperties": false,
    "description": "Money.",
    "properties": {
      "amount": {
        "description": "A decimal number.",
        "examples": [
          "1200.50"
        ],
        "type": "string"
      },
      "currency": {
        "anyOf": [
          {
            "type": "string"
          },
          {
            "type": "null"
          }
        ],
        "description": "ISO 4217, null where the text does not say."
      }
    },
    "required": [
      "amount",
      "currency"
    ],
    "type": "object"
  },
  "AnomalyAnswer": {
    "additionalProperties": false,
    "description": "The answer of `POST /v1/predict/anomaly`.",
    "properties": {
      "history_size": {
        "description": "Earlier transactions that the score rests on, at most 2,000.",
        "minimum": 0,
        "type": "integer"
      },
      "is_anomaly": {
        "description": "The score is above the threshold.",
        "type": "boolean"
      },
      "model": {
        "$ref": "#/components/schemas/ModelRef"
      },
      "prediction_id": {
        "description": "UUIDv7, new for each answer, cached ones too.",
        "type": "string"
      },
      "reasons": {
        "description": "Largest contribution first; empty only when nothing stands out.",
        "items": {
          "$ref": "#/components/schemas/AnomalyReason"
        },
        "type": "array"
      },
      "score": {
        "description": "0.5 for what one ordinary transaction in 200 reaches; grows with strangeness.",
        "maximum": 1,
        "minimum": 0,
        "type": "number"
      },
      "severity": {
        "description": "`none` up to the threshold; above, by how rare it is.",
        "enum": [
          "none",
          "low",
          "medium",
          "high"
        ],
        "type": "string"
      },
      "threshold": {
        "description": "The score that the deployment's share of ordinary transactions exceeds.",
        "maximum": 1,
        "minimum": 0,
        "type": "number"
      }
    },
    "required": [
      "prediction_id",
      "model",
      "is_anomaly",
      "score",
      "threshold",
      "severity",
      "reasons",
      "history_size"
    ],
    "type": "object"
  },
  "AnomalyReason": {
    "additionalProperties": false,
    "description": "One thing that is strange about the transaction.",
    "properties": {
      "code": {
        "description": "Name of a feature, such as `amount_category`.",
        "examples": [
          "amount_category"
        ],
        "type": "string"
      },
      "contribution": {
        "description": "Its part of the score: the Shapley value among all that stands out.",
        "maximum": 1,
        "minimum": 0,
        "type": "number"
      },
      "message": {
        "description": "What is strange, with its number and the user's usual one.",
        "type": "string"
      }
    },
    "required": [
      "code",
      "message",
      "contribution"
    ],
    "type": "object"
  },
  "AnomalyRequest": {
    "additionalProperties": false,
    "description": "One transaction to score, and whose it is.",
    "properties": {
      "history": {
        "anyOf": [
          {
            "items": {
              "$ref": "#/components/schemas/Transaction"
            },
            "maxItems": 10000,
            "type": "array"
          },
          {
            "type": "null"
          }
        ],
        "default": null,
        "description": "The user's other transactions, read instead of the stored ones. Those dated before the transaction count, the newest 2,000 of them."
      },
      "transaction": {
        "$ref": "#/components/schemas/Transaction",
        "description": "The transaction to score; it is not stored."
      },
      "user_id": {
        "description": "Whose account; never logged in clear.",
        "examples": [
          "user-1"
        ],
        "maxLength": 256,
        "minLength": 1,
        "pattern": "^[^\\x00]*$",
        "type": "string"
      }
    },
    "required": [
      "user_id",
      "transaction"
    ],
    "type": "object"
  },
  "Backtest": {
    "additionalProperties": false,
    "description": "How this method would have done on the user's own last months, each forecast from the months before it.",
    "properties": {
      "coverage": {
        "description": "Share of the months inside their 80 % interval.",
        "maximum": 1,
        "minimum": 0,
        "type": "number"
      },
      "mae": {
        "description": "Mean absolute error.",
        "minimum": 0,
        "type": "number"
      },
      "mase": {
        "description": "The same in units of the seasonal naive error within the history.",
        "minimum": 0,
        "type": "number"
      }
    },
    "required": [
      "mae",
      "mase",
      "coverage"
    ],
    "type": "object"
  },
  "CardValue": {
    "additionalProperties": false,
    "description": "A card, by its last digits.",
    "properties": {
      "last4": {
        "type": "string"
      },
      "valid": {
        "anyOf": [
          {
            "type": "boolean"
          },
          {
            "type": "null"
          }
        ],
        "description": "Whether the check digit of a full number holds; null for the last digits."
      }
    },
    "required": [
      "last4",
      "valid"
    ],
    "type": "object"
  },
  "CategoryValue": {
    "additionalProperties": false,
    "description": "A kind of spending.",
    "properties": {
      "category": {
        "description": "Canonical English name in snake_case.",
        "type": "string"
      }
    },
    "required": [
      "category"
    ],
    "type": "object"
  },
  "CreditRiskAnswer": {
    "additionalProperties": false,
    "description": "The answer of `POST /v1/predict/credit_risk`.",
    "properties": {
      "band": {
        "enum": [
          "A",
          "B",
          "C",
          "D",
          "E"
        ],
        "type": "string"
      },
      "cutoffs": {
        "$ref": "#/components/schemas/Cutoffs",
        "description": "What band and decision were made with: settings of the lender."
      },
      "decision": {
        "enum": [
          "approve",
          "review",
          "decline"
        ],
        "type": "string"
      },
      "model": {
        "$ref": "#/components/schemas/ModelRef"
      },
      "notice": {
        "anyOf": [
          {
            "type": "string"
          },
          {
            "type": "null"
          }
        ],
        "description": "A warning that goes with the model; null for a lender's own."
      },
      "prediction_id": {
        "description": "UUIDv7, new for each answer, cached ones too.",
        "type": "string"
      },
      "probability_of_default": {
        "description": "Calibrated on applications the model was not fitted to.",
        "maximum": 1,
        "minimum": 0,
        "type": "number"
      },
      "reasons": {
        "description": "What counts most against the application, worst first.",
        "items": {
          "$ref": "#/components/schemas/Reason"
        },
        "maxItems": 4,
        "type": "array"
      },
      "score": {
        "description": "600 at 10:1 odds of repayment; 40 points more double the odds.",
        "maximum": 850,
        "minimum": 300,
        "type": "integer"
      }
    },
    "required": [
      "prediction_id",
      "model",
      "probability_of_default",
      "score",
      "band",
      "decision",
      "cutoffs",
      "reasons",
      "notice"
    ],
    "type": "object"
  },
  "CreditRiskRequest": {
    "additionalProperties": false,
    "description": "A consumer loan application.",
    "properties": {
      "age": {
        "anyOf": [
          {
            "maximum": 120,
            "minimum": 18,
            "type": "integer"
          },
          {
            "type": "null"
          }
        ],
        "default": null,
        "description": "Age of the applicant (years). Not used in the decision.",
        "examples": [
          41
        ]
      },
      "credit_history_years": {
        "anyOf": [
          {
            "maximum": 100,
            "minimum": 0,
            "type": "number"
          },
          {
            "type": "null"
          }
        ],
        "default": null,
        "description": "Time since the first credit (years).",
        "examples": [
          9
        ]
      },
      "debt_to_income": {
        "anyOf": [
          {
            "maximum": 20,
            "minimum": 0,
            "type": "number"
          },
          {
            "type": "null"
          }
        ],
        "default": null,
        "description": "Monthly debt payments over monthly income, this loan not included (share, 0.35 for 35 %).",
        "examples": [
          0.22
        ]
      },
      "delinquencies_2y": {
        "anyOf": [
          {
            "maximum": 100,
            "minimum": 0,
            "type": "integer"
          },
          {
            "type": "null"
          }
        ],
        "default": null,
        "description": "Payments 30 days or more late in the last two years.",
        "examples": [
          0
        ]
      },
      "employment_years": {
        "anyOf": [
          {
            "maximum": 80,
            "minimum": 0,
            "type": "number"
          },
          {
            "type": "null"
          }
        ],
        "default": null,
        "description": "Time with the present employer or in the present business (years).",
        "examples": [
          4.5
        ]
      },
      "existing_loans": {
        "anyOf": [
          {
            "maximum": 100,
            "minimum": 0,
            "type": "integer"
          },
          {
            "type": "null"
          }
        ],
        "default": null,
        "description": "Loans being repaid now.",
        "examples": [
          1
        ]
      },
      "housing": {
        "anyOf": [
          {
            "enum": [
              "own",
              "mortgage",
              "rent",
              "with_family",
              "other"
            ],
            "type": "string"
          },
          {
            "type": "null"
          }
        ],
        "default": null,
        "description": "How the applicant lives.",
        "examples": [
          "rent"
        ]
      },
      "income": {
        "description": "Net income of the applicant (euros a year).",
        "examples": [
          34000
        ],
        "maximum": 10000000,
        "minimum": 0,
        "type": "number"
      },
      "inquiries_6m": {
        "anyOf": [
          {
            "maximum": 100,
            "minimum": 0,
            "type": "integer"
          },
          {
            "type": "null"
          }
        ],
        "default": null,
        "description": "Applications for credit in the last six months, this one not included.",
        "examples": [
          1
        ]
      },
      "loan_amount": {
        "description": "Amount applied for (euros).",
        "examples": [
          9000
        ],
        "maximum": 1000000,
        "minimum": 100,
        "type": "number"
      },
      "open_credit_lines": {
        "anyOf": [
          {
            "maximum": 200,
            "minimum": 0,
            "type": "integer"
          },
          {
            "type": "null"
          }
        ],
        "default": null,
        "description": "Credit cards and credit lines that are open.",
        "examples": [
          4
        ]
      },
      "purpose": {
        "anyOf": [
          {
            "enum": [
              "car",
              "home_improvement",
              "debt_consolidation",
              "education",
              "medical",
              "wedding",
              "holiday",
              "business",
              "other"
            ],
            "type": "string"
          },
          {
            "type": "null"
          }
        ],
        "default": null,
        "description": "What the loan is for.",
        "examples": [
          "car"
        ]
      },
      "revolving_utilisation": {
        "anyOf": [
          {
            "maximum": 50,
            "minimum": 0,
            "type": "number"
          },
          {
            "type": "null"
          }
        ],
        "default": null,
        "description": "Balance on credit cards and lines over their limits (share, 0.5 for 50 %).",
        "examples": [
          0.31
        ]
      },
      "term_months": {
        "description": "Time until the loan is repaid (months).",
        "examples": [
          36
        ],
        "maximum": 480,
        "minimum": 1,
        "type": "integer"
      },
      "user_id": {
        "anyOf": [
          {
            "maxLength": 256,
            "minLength": 1,
            "pattern": "^[^\\x00]*$",
            "type": "string"
          },
          {
            "type": "null"
          }
        ],
        "default": null,
        "description": "Whom the decision is about: erased with this user. Never scored, never logged in clear."
      },
      "worst_delinquency_days": {
        "anyOf": [
          {
            "maximum": 3650,
            "minimum": 0,
            "type": "integer"
          },
          {
            "type": "null"
          }
        ],
        "default": null,
        "description": "The longest that a payment was late in the last two years (days).",
        "examples": [
          0
        ]
      }
    },
    "required": [
      "income",
      "loan_amount",
      "term_months"
    ],
    "type": "object"
  },
  "Cutoffs": {
    "additionalProperties": false,
    "description": "The probabilities of default that band and decision turn on.",
    "properties": {
      "bands": {
        "description": "Where B, C, D and E begin.",
        "maxItems": 4,
        "minItems": 4,
        "prefixItems": [
          {
            "maximum": 1,
            "minimum": 0,
            "type": "number"
          },
          {
            "maximum": 1,
            "minimum": 0,
            "type": "number"
          },
          {
            "maximum": 1,
            "minimum": 0,
            "type": "number"
          },
          {
            "maximum": 1,
            "minimum": 0,
            "type": "number"
          }
        ],
        "type": "array"
      },
      "decline_from": {
        "maximum": 1,
        "minimum": 0,
        "type": "number"
      },
      "review_from": {
        "maximum": 1,
        "minimum": 0,
        "type": "number"
      }
    },
    "required": [
      "bands",
      "review_from",
      "decline_from"
    ],
    "type": "object"
  },
  "DateValue": {
    "additionalProperties": false,
    "description": "A day or a period, both ends included.",
    "properties": {
      "end": {
        "format": "date",
        "type": "string"
      },
      "start": {
        "format": "date",
        "type": "string"
      }
    },
    "required": [
      "start",
      "end"
    ],
    "type": "object"
  },
  "EmailValue": {
    "additionalProperties": false,
    "description": "An e-mail address.",
    "properties": {
      "email": {
        "type": "string"
      }
    },
    "required": [
      "email"
    ],
    "type": "object"
  },
  "Entity": {
    "additionalProperties": false,
    "description": "A span of the text and what it stands for.",
    "properties": {
      "end": {
        "description": "Where it ends; the character there is no part of it.",
        "minimum": 0,
        "type": "integer"
      },
      "label": {
        "type": "string"
      },
      "score": {
        "description": "How sure the model is of the span and its label.",
        "maximum": 1,
        "minimum": 0,
        "type": "number"
      },
      "start": {
        "description": "Where the span begins, in the unit that was asked for.",
        "minimum": 0,
        "type": "integer"
      },
      "text": {
        "description": "The span, as it stands in the request's text.",
        "type": "string"
      },
      "value": {
        "anyOf": [
          {
            "$ref": "#/components/schemas/AmountValue"
          },
          {
            "$ref": "#/components/schemas/PercentValue"
          },
          {
            "$ref": "#/components/schemas/DateValue"
          },
          {
            "$ref": "#/components/schemas/NameValue"
          },
          {
            "$ref": "#/components/schemas/CategoryValue"
          },
          {
            "$ref": "#/components/schemas/AccountValue"
          },
          {
            "$ref": "#/components/schemas/CardValue"
          },
          {
            "$ref": "#/components/schemas/IbanValue"
          },
          {
            "$ref": "#/components/schemas/EmailValue"
          },
          {
            "$ref": "#/components/schemas/PhoneValue"
          },
          {
            "type": "null"
          }
        ],
        "description": "By label; null where it cannot be resolved."
      }
    },
    "required": [
      "text",
      "label",
      "start",
      "end",
      "score",
      "value"
    ],
    "type": "object"
  },
  "EraseAnswer": {
    "additionalProperties": false,
    "description": "The answer of `POST /v1/users/erase`.",
    "properties": {
      "erased": {
        "description": "Stored rows about the user that were deleted.",
        "minimum": 0,
        "type": "integer"
      }
    },
    "required": [
      "erased"
    ],
    "type": "object"
  },
  "EraseRequest": {
    "additionalProperties": false,
    "description": "Whose data are to be deleted.",
    "properties": {
      "user_id": {
        "maxLength": 256,
        "minLength": 1,
        "pattern": "^[^\\x00]*$",
        "type": "string"
      }
    },
    "required": [
      "user_id"
    ],
    "type": "object"
  },
  "ErrorAnswer": {
    "additionalProperties": false,
    "description": "The one shape of every error.",
    "properties": {
      "error": {
        "$ref": "#/components/schemas/ErrorBody"
      }
    },
    "required": [
      "error"
    ],
    "type": "object"
  },
  "ErrorBody": {
    "additionalProperties": false,
    "description": "What went wrong.",
    "properties": {
      "code": {
        "description": "A code of the error table.",
        "type": "string"
      },
      "details": {
        "items": {
          "$ref": "#/components/schemas/ErrorDetail"
        },
        "type": "array"
      },
      "message": {
        "type": "string"
      },
      "request_id": {
        "type": "string"
      }
    },
    "required": [
      "code",
      "message",
      "details",
      "request_id"
    ],
    "type": "object"
  },
  "ErrorDetail": {
    "additionalProperties": true,
    "description": "One field that is wrong.",
    "properties": {
      "field": {
        "type": "string"
      },
      "message": {
        "type": "string"
      },
      "type": {
        "type": "string"
      }
    },
    "required": [
      "field",
      "message",
      "type"
    ],
    "type": "object"
  },
  "HealthAnswer": {
    "additionalProperties": false,
    "description": "The state of the service and of each model.",
    "properties": {
      "models": {
        "items": {
          "$ref": "#/components/schemas/ModelHealth"
        },
        "type": "array"
      },
      "status": {
        "enum": [
          "ok",
          "degraded",
          "down"
        ],
        "type": "string"
      },
      "uptime_s": {
        "type": "number"
      }
    },
    "required": [
      "status",
      "uptime_s",
      "models"
    ],
    "type": "object"
  },
  "IbanValue": {
    "additionalProperties": false,
    "description": "An international bank account number.",
    "properties": {
      "iban": {
        "description": "Without spaces, upper case.",
        "type": "string"
      },
      "valid": {
        "description": "Whether country, length and check digits hold.",
        "type": "boolean"
      }
    },
    "required": [
      "iban",
      "valid"
    ],
    "type": "object"
  },
  "IntentAnswer": {
    "additionalProperties": false,
    "description": "The answer of `POST /v1/predict/intent`.",
    "properties": {
      "alternatives": {
        "description": "The next best intents, best first; the nearest when out of scope.",
        "items": {
          "$ref": "#/components/schemas/IntentScore"
        },
        "type": "array"
      },
      "confidence": {
        "description": "Calibrated: of the answers with 0.8, about 80 % are right.",
        "maximum": 1,
        "minimum": 0,
        "type": "number"
      },
      "in_scope": {
        "type": "boolean"
      },
      "intent": {
        "description": "The intent, or `out_of_scope`.",
        "type": "string"
      },
      "language": {
        "enum": [
          "en",
          "fr"
        ],
        "type": "string"
      },
      "model": {
        "$ref": "#/components/schemas/ModelRef"
      },
      "prediction_id": {
        "description": "UUIDv7, new for each answer, cached ones too.",
        "type": "string"
      }
    },
    "required": [
      "prediction_id",
      "model",
      "intent",
      "confidence",
      "alternatives",
      "in_scope",
      "language"
    ],
    "type": "object"
  },
  "IntentRequest": {
    "additionalProperties": false,
    "description": "One query of one user.",
    "properties": {
      "language": {
        "anyOf": [
          {
            "enum": [
              "en",
              "fr"
            ],
            "type": "string"
          },
          {
            "type": "null"
          }
        ],
        "default": null,
        "description": "The query's language; detected when left out."
      },
      "query": {
        "description": "What the user wrote or said.",
        "examples": [
          "What is my balance?"
        ],
        "maxLength": 2000,
        "minLength": 1,
        "type": "string"
      },
      "top_k": {
        "default": 3,
        "description": "How many alternatives to answer at most.",
        "maximum": 10,
        "minimum": 1,
        "type": "integer"
      },
      "user_id": {
        "anyOf": [
          {
            "maxLength": 256,
            "minLength": 1,
            "type": "string"
          },
          {
            "type": "null"
          }
        ],
        "default": null,
        "description": "Only for the caller's own logs; never logged in clear."
      }
    },
    "required": [
      "query"
    ],
    "type": "object"
  },
  "IntentScore": {
    "additionalProperties": false,
    "description": "An intent and how probable it is.",
    "properties": {
      "confidence": {
        "maximum": 1,
        "minimum": 0,
        "type": "number"
      },
      "intent": {
        "type": "string"
      }
    },
    "required": [
      "intent",
      "confidence"
    ],
    "type": "object"
  },
  "ModelHealth": {
    "additionalProperties": false,
    "description": "One model's state.",
    "properties": {
      "device": {
        "anyOf": [
          {
            "type": "string"
          },
          {
            "type": "null"
          }
        ]
      },
      "name": {
        "type": "string"
      },
      "state": {
        "enum": [
          "starting",
          "ready",
          "down"
        ],
        "type": "string"
      },
      "version": {
        "anyOf": [
          {
            "type": "string"
          },
          {
            "type": "null"
          }
        ]
      }
    },
    "required": [
      "name",
      "version",
      "device",
      "state"
    ],
    "type": "object"
  },
  "ModelRef": {
    "additionalProperties": false,
    "description": "Which model answered.",
    "properties": {
      "name": {
        "description": "Name of the model in the BentoML model store.",
        "type": "string"
      },
      "version": {
        "description": "Version of its tag there.",
        "type": "string"
      }
    },
    "required": [
      "name",
      "version"
    ],
    "type": "object"
  },
  "MonthAmount": {
    "additionalProperties": false,
    "description": "What was spent in one month.",
    "properties": {
      "amount": {
        "description": "The sum spent, as a positive number.",
        "maximum": 1000000000000000,
        "minimum": 0,
        "type": "number"
      },
      "month": {
        "examples": [
          "2026-03"
        ],
        "pattern": "^(19|20|21)\\d\\d-(0[1-9]|1[0-2])$",
        "type": "string"
      }
    },
    "required": [
      "month",
      "amount"
    ],
    "type": "object"
  },
  "MonthForecast": {
    "additionalProperties": false,
    "description": "One month ahead.",
    "properties": {
      "amount": {
        "description": "The amount expected.",
        "minimum": 0,
        "type": "number"
      },
      "lower": {
        "description": "Lower end of the 80 % interval.",
        "minimum": 0,
        "type": "number"
      },
      "month": {
        "type": "string"
      },
      "upper": {
        "description": "Upper end of the 80 % interval.",
        "minimum": 0,
        "type": "number"
      }
    },
    "required": [
      "month",
      "amount",
      "lower",
      "upper"
    ],
    "type": "object"
  },
  "NameValue": {
    "additionalProperties": false,
    "description": "A merchant, a person or a place.",
    "properties": {
      "name": {
        "type": "string"
      }
    },
    "required": [
      "name"
    ],
    "type": "object"
  },
  "NerAnswer": {
    "additionalProperties": false,
    "description": "The answer of `POST /v1/predict/ner`.",
    "properties": {
      "entities": {
        "description": "Sorted by `start`, never overlapping.",
        "items": {
          "$ref": "#/components/schemas/Entity"
        },
        "type": "array"
      },
      "model": {
        "$ref": "#/components/schemas/ModelRef"
      },
      "prediction_id": {
        "description": "UUIDv7, new for each answer, cached ones too.",
        "type": "string"
      }
    },
    "required": [
      "prediction_id",
      "model",
      "entities"
    ],
    "type": "object"
  },
  "NerRequest": {
    "additionalProperties": false,
    "description": "One text of one user.",
    "properties": {
      "language": {
        "anyOf": [
          {
            "enum": [
              "en",
              "fr"
            ],
            "type": "string"
          },
          {
            "type": "null"
          }
        ],
        "default": null,
        "description": "The text's language; detected when left out."
      },
      "offset_unit": {
        "default": "codepoint",
        "description": "What `start` and `end` count: Unicode code points, or UTF-16 units.",
        "enum": [
          "codepoint",
          "utf16"
        ],
        "type": "string"
      },
      "reference_date": {
        "anyOf": [
          {
            "format": "date",
            "type": "string"
          },
          {
            "type": "null"
          }
        ],
        "default": null,
        "description": "The day that `yesterday` is the day before of; today (UTC) when left out."
      },
      "text": {
        "description": "What the user wrote or said.",
        "examples": [
          "Send 50 bucks to Marie Dupont next Friday"
        ],
        "maxLength": 5000,
        "minLength": 1,
        "type": "string"
      }
    },
    "required": [
      "text"
    ],
    "type": "object"
  },
  "PercentValue": {
    "additionalProperties": false,
    "description": "A share in percent.",
    "properties": {
      "percent": {
        "description": "A decimal number.",
        "examples": [
          "3.5"
        ],
        "type": "string"
      }
    },
    "required": [
      "percent"
    ],
    "type": "object"
  },
  "PhoneValue": {
    "additionalProperties": false,
    "description": "A telephone number.",
    "properties": {
      "phone": {
        "anyOf": [
          {
            "type": "string"
          },
          {
            "type": "null"
          }
        ],
        "description": "E.164 where the country is known."
      }
    },
    "required": [
      "phone"
    ],
    "type": "object"
  },
  "Reason": {
    "additionalProperties": false,
    "description": "Something that counts against the application.",
    "properties": {
      "code": {
        "description": "The cause, from the feature specification; stable, for machines.",
        "type": "string"
      },
      "feature": {
        "description": "The field of the request that weighs most in it.",
        "type": "string"
      },
      "impact": {
        "description": "How much it adds to the log-odds of default, against the average answer.",
        "exclusiveMinimum": 0,
        "type": "number"
      },
      "message": {
        "description": "The cause in plain words.",
        "type": "string"
      }
    },
    "required": [
      "code",
      "feature",
      "message",
      "impact"
    ],
    "type": "object"
  },
  "SpendingAnswer": {
    "additionalProperties": false,
    "description": "The answer of `POST /v1/predict/spending`.",
    "properties": {
      "backtest": {
        "anyOf": [
          {
            "$ref": "#/components/schemas/Backtest"
          },
          {
            "type": "null"
          }
        ],
        "description": "Null where the history is too short for one."
      },
      "currency": {
        "type": "string"
      },
      "history_months": {
        "type": "integer"
      },
      "method": {
        "description": "What made the forecast, and which currencies it leaves out.",
        "type": "string"
      },
      "model": {
        "$ref": "#/components/schemas/ModelRef"
      },
      "months": {
        "items": {
          "$ref": "#/components/schemas/MonthForecast"
        },
        "type": "array"
      },
      "prediction_id": {
        "description": "UUIDv7, new for each answer, cached ones too.",
        "type": "string"
      },
      "total": {
        "description": "Sum of the amounts.",
        "type": "number"
      },
      "trend": {
        "description": "The coming year against the last.",
        "enum": [
          "rising",
          "falling",
          "stable"
        ],
        "type": "string"
      },
      "user_id": {
        "type": "string"
      }
    },
    "required": [
      "prediction_id",
      "model",
      "user_id",
      "currency",
      "months",
      "total",
      "trend",
      "method",
      "history_months",
      "backtest"
    ],
    "type": "object"
  },
  "SpendingRequest": {
    "additionalProperties": false,
    "description": "A forecast for one user.",
    "properties": {
      "as_of": {
        "anyOf": [
          {
            "format": "date",
            "type": "string"
          },
          {
            "type": "null"
          }
        ],
        "default": null,
        "description": "Today when left out. Stored months that end before it are complete."
      },
      "category": {
        "anyOf": [
          {
            "maxLength": 64,
            "minLength": 1,
            "pattern": "^[^\\x00]*$",
            "type": "string"
          },
          {
            "type": "null"
          }
        ],
        "default": null,
        "description": "Limits history and forecast to one category."
      },
      "history": {
        "anyOf": [
          {
            "items": {
              "$ref": "#/components/schemas/MonthAmount"
            },
            "maxItems": 600,
            "type": "array"
          },
          {
            "type": "null"
          }
        ],
        "default": null,
        "description": "Complete months, used in place of the stored transactions; missing ones between count as 0."
      },
      "months": {
        "default": 12,
        "description": "How many months to forecast.",
        "maximum": 36,
        "minimum": 1,
        "type": "integer"
      },
      "user_id": {
        "description": "Never logged in clear.",
        "examples": [
          "user-1"
        ],
        "maxLength": 256,
        "minLength": 1,
        "pattern": "^[^\\x00]*$",
        "type": "string"
      }
    },
    "required": [
      "user_id"
    ],
    "type": "object"
  },
  "Transaction": {
    "additionalProperties": false,
    "description": "One movement of money on a user's account.",
    "properties": {
      "amount": {
        "anyOf": [
          {
            "maximum": 1000000000000,
            "minimum": -1000000000000,
            "type": "number"
          },
          {
            "pattern": "^[+-]?[0-9]{1,12}(\\.[0-9]{1,4})?$",
            "type": "string"
          }
        ],
        "description": "Spending is negative, income positive.",
        "examples": [
          -45.9
        ]
      },
      "category": {
        "anyOf": [
          {
            "maxLength": 256,
            "pattern": "^[^\\x00]*$",
            "type": "string"
          },
          {
            "type": "null"
          }
        ],
        "default": null
      },
      "channel": {
        "anyOf": [
          {
            "maxLength": 256,
            "pattern": "^[^\\x00]*$",
            "type": "string"
          },
          {
            "type": "null"
          }
        ],
        "default": null
      },
      "country": {
        "anyOf": [
          {
            "maxLength": 256,
            "pattern": "^[^\\x00]*$",
            "type": "string"
          },
          {
            "type": "null"
          }
        ],
        "default": null
      },
      "currency": {
        "description": "ISO 4217.",
        "examples": [
          "EUR"
        ],
        "pattern": "^(AED|AFN|ALL|AMD|AOA|ARS|AUD|AWG|AZN|BAM|BBD|BDT|BHD|BIF|BMD|BND|BOB|BOV|BRL|BSD|BTN|BWP|BYN|BZD|CAD|CDF|CHE|CHF|CHW|CLF|CLP|CNY|COP|COU|CRC|CUP|CVE|CZK|DJF|DKK|DOP|DZD|EGP|ERN|ETB|EUR|FJD|FKP|GBP|GEL|GHS|GIP|GMD|GNF|GTQ|GYD|HKD|HNL|HTG|HUF|IDR|ILS|INR|IQD|IRR|ISK|JMD|JOD|JPY|KES|KGS|KHR|KMF|KPW|KRW|KWD|KYD|KZT|LAK|LBP|LKR|LRD|LSL|LYD|MAD|MDL|MGA|MKD|MMK|MNT|MOP|MRU|MUR|MVR|MWK|MXN|MXV|MYR|MZN|NAD|NGN|NIO|NOK|NPR|NZD|OMR|PAB|PEN|PGK|PHP|PKR|PLN|PYG|QAR|RON|RSD|RUB|RWF|SAR|SBD|SCR|SDG|SEK|SGD|SHP|SLE|SOS|SRD|SSP|STN|SVC|SYP|SZL|THB|TJS|TMT|TND|TOP|TRY|TTD|TWD|TZS|UAH|UGX|USD|USN|UYI|UYU|UYW|UZS|VED|VES|VND|VUV|WST|XAD|XAF|XAG|XAU|XBA|XBB|XBC|XBD|XCD|XCG|XDR|XOF|XPD|XPF|XPT|XSU|XTS|XUA|XXX|YER|ZAR|ZMW|ZWG)$",
        "type": "string"
      },
      "description": {
        "anyOf": [
          {
            "maxLength": 2000,
            "pattern": "^[^\\x00]*$",
            "type": "string"
          },
          {
            "type": "null"
          }
        ],
        "default": null
      },
      "id": {
        "anyOf": [
          {
            "maxLength": 256,
            "minLength": 1,
            "pattern": "^[^\\x00]*$",
            "type": "string"
          },
          {
            "type": "null"
          }
        ],
        "default": null
      },
      "merchant": {
        "anyOf": [
          {
            "maxLength": 256,
            "pattern": "^[^\\x00]*$",
            "type": "string"
          },
          {
            "type": "null"
          }
        ],
        "default": null
      },
      "timestamp": {
        "description": "ISO 8601, read as UTC where no zone is given; its month is that of the zone it is written in.",
        "examples": [
          "2026-01-31T18:05:00+01:00"
        ],
        "format": "date-time",
        "type": "string"
      }
    },
    "required": [
      "amount",
      "currency",
      "timestamp"
    ],
    "type": "object"
  },
  "TransactionsAnswer": {
    "additionalProperties": false,
    "description": "The answer of `POST /v1/transactions`; both numbers together are as many as were sent.",
    "properties": {
      "duplicates": {
        "description": "Transactions that were stored already as they are.",
        "minimum": 0,
        "type": "integer"
      },
      "stored": {
        "description": "Transactions that are new, or replaced one of the same id.",
        "minimum": 0,
        "type": "integer"
      }
    },
    "required": [
      "stored",
      "duplicates"
    ],
    "type": "object"
  },
  "TransactionsRequest": {
    "additionalProperties": false,
    "description": "Transactions to store, of any users.",
    "properties": {
      "transactions": {
        "items": {
          "$ref": "#/components/schemas/UserTransaction"
        },
        "maxItems": 10000,
        "type": "array"
      }
    },
    "required": [
      "transactions"
    ],
    "type": "object"
  },
  "UserTransaction": {
    "additionalProperties": false,
    "description": "A transaction as it is stored.",
    "properties": {
      "amount": {
        "anyOf": [
          {
            "maximum": 1000000000000,
            "minimum": -1000000000000,
            "type": "number"
          },
          {
            "pattern": "^[+-]?[0-9]{1,12}(\\.[0-9]{1,4})?$",
            "type": "string"
          }
        ],
        "description": "Spending is negative, income positive.",
        "examples": [
          -45.9
        ]
      },
      "category": {
        "anyOf": [
          {
            "maxLength": 256,
            "pattern": "^[^\\x00]*$",
            "type": "string"
          },
          {
            "type": "null"
          }
        ],
        "default": null
      },
      "channel": {
        "anyOf": [
          {
            "maxLength": 256,
            "pattern": "^[^\\x00]*$",
            "type": "string"
          },
          {
            "type": "null"
          }
        ],
        "default": null
      },
      "country": {
        "anyOf": [
          {
            "maxLength": 256,
            "pattern": "^[^\\x00]*$",
            "type": "string"
          },
          {
            "type": "null"
          }
        ],
        "default": null
      },
      "currency": {
        "description": "ISO 4217.",
        "examples": [
          "EUR"
        ],
        "pattern": "^(AED|AFN|ALL|AMD|AOA|ARS|AUD|AWG|AZN|BAM|BBD|BDT|BHD|BIF|BMD|BND|BOB|BOV|BRL|BSD|BTN|BWP|BYN|BZD|CAD|CDF|CHE|CHF|CHW|CLF|CLP|CNY|COP|COU|CRC|CUP|CVE|CZK|DJF|DKK|DOP|DZD|EGP|ERN|ETB|EUR|FJD|FKP|GBP|GEL|GHS|GIP|GMD|GNF|GTQ|GYD|HKD|HNL|HTG|HUF|IDR|ILS|INR|IQD|IRR|ISK|JMD|JOD|JPY|KES|KGS|KHR|KMF|KPW|KRW|KWD|KYD|KZT|LAK|LBP|LKR|LRD|LSL|LYD|MAD|MDL|MGA|MKD|MMK|MNT|MOP|MRU|MUR|MVR|MWK|MXN|MXV|MYR|MZN|NAD|NGN|NIO|NOK|NPR|NZD|OMR|PAB|PEN|PGK|PHP|PKR|PLN|PYG|QAR|RON|RSD|RUB|RWF|SAR|SBD|SCR|SDG|SEK|SGD|SHP|SLE|SOS|SRD|SSP|STN|SVC|SYP|SZL|THB|TJS|TMT|TND|TOP|TRY|TTD|TWD|TZS|UAH|UGX|USD|USN|UYI|UYU|UYW|UZS|VED|VES|VND|VUV|WST|XAD|XAF|XAG|XAU|XBA|XBB|XBC|XBD|XCD|XCG|XDR|XOF|XPD|XPF|XPT|XSU|XTS|XUA|XXX|YER|ZAR|ZMW|ZWG)$",
        "type": "string"
      },
      "description": {
        "anyOf": [
          {
            "maxLength": 2000,
            "pattern": "^[^\\x00]*$",
            "type": "string"
          },
          {
            "type": "null"
          }
        ],
        "default": null
      },
      "id": {
        "description": "The same id again replaces the transaction.",
        "maxLength": 256,
        "minLength": 1,
        "pattern": "^[^\\x00]*$",
        "type": "string"
      },
      "merchant": {
        "anyOf": [
          {
            "maxLength": 256,
            "pattern": "^[^\\x00]*$",
            "type": "string"
          },
          {
            "type": "null"
          }
        ],
        "default": null
      },
      "timestamp": {
        "description": "ISO 8601, read as UTC where no zone is given; its month is that of the zone it is written in.",
        "examples": [
          "2026-01-31T18:05:00+01:00"
        ],
        "format": "date-time",
        "type": "string"
      },
      "user_id": {
        "maxLength": 256,
        "minLength": 1,
        "pattern": "^[^\\x00]*$",
        "type": "string"
      }
    },
    "required": [
      "id",
      "amount",
      "currency",
      "timestamp",
      "user_id"
    ],
    "type": "object"
  }
};
