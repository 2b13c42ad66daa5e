import type { components } from '../interfaces/generated/ml-api.js';
import type { MLPath } from '../interfaces/ml-response.interface.js';

export interface MLEndpoint {
  /** Name of the model behind it: its label in metrics and logs, and its name in the service's health. */
  readonly model: string;
  /** Schema that its answers are held to. */
  readonly answer: keyof components['schemas'];
  /** The longest one attempt may take; the Python service has given up before. */
  readonly attemptMs: number;
  readonly retries: 0 | 1;
  /** Calls that may be under way. */
  readonly inFlight: number;
  /** Whether 404 means an unknown user. */
  readonly looksUpUsers?: true;
}

export const ML_ENDPOINTS: Readonly<Record<MLPath, MLEndpoint>> = {
  '/v1/predict/intent': { model: 'intent', answer: 'IntentAnswer', attemptMs: 3000, retries: 1, inFlight: 128 },
  '/v1/predict/ner': { model: 'ner', answer: 'NerAnswer', attemptMs: 3000, retries: 1, inFlight: 128 },
  '/v1/predict/spending': {
    model: 'spending',
    answer: 'SpendingAnswer',
    attemptMs: 20_000,
    retries: 0,
    inFlight: 16,
    looksUpUsers: true,
  },
  '/v1/predict/anomaly': { model: 'anomaly', answer: 'AnomalyAnswer', attemptMs: 3000, retries: 1, inFlight: 128 },
  '/v1/predict/credit_risk': {
    model: 'credit_risk',
    answer: 'CreditRiskAnswer',
    attemptMs: 3000,
    retries: 0,
    inFlight: 64,
  },
};
