// Generated from contracts/openapi.json by `make types`. Not edited by hand.

export const contractVersion = '1.0.0';

export const schemas: Readonly<Record<string, object>> = {
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
  }
};
