import type { AnswerOf, MLPath, RequestOf } from '../src/modules/ml-integration/interfaces/ml-response.interface.js';

interface Sample<Path extends MLPath> {
  /** Where the backend takes the request. */
  route: string;
  request: RequestOf<Path>;
  answer: AnswerOf<Path>;
}

const ID = '01a1fd72-ff9b-7733-a766-2bcb52eebde3';

/** A request and an answer of each endpoint, as the contract has them. */
export const SAMPLES: { [Path in MLPath]: Sample<Path> } = {
  '/v1/predict/intent': {
    route: '/api/v1/ml/intent',
    request: { query: 'What is my zebrafish balance?' },
    answer: {
      prediction_id: ID,
      model: { name: 'intent', version: 'v1' },
      intent: 'check_balance',
      confidence: 0.97,
      alternatives: [{ intent: 'transaction_history', confidence: 0.02 }],
      in_scope: true,
      language: 'en',
    },
  },
  '/v1/predict/ner': {
    route: '/api/v1/ml/ner',
    request: { text: 'Send 50 euros to Zebulon Quaggason', reference_date: '2026-03-14' },
    answer: {
      prediction_id: ID,
      model: { name: 'ner', version: 'v1' },
      entities: [
        { text: '50 euros', label: 'AMOUNT', start: 5, end: 13, score: 0.99, value: { amount: '50', currency: 'EUR' } },
        { text: 'Zebulon Quaggason', label: 'PERSON', start: 17, end: 34, score: 0.9, value: null },
      ],
    },
  },
  '/v1/predict/spending': {
    route: '/api/v1/ml/spending/forecast',
    request: { user_id: 'zoe-4711', months: 1, history: [{ month: '2026-01', amount: 4711.13 }] },
    answer: {
      prediction_id: ID,
      model: { name: 'spending', version: 'v1' },
      user_id: 'zoe-4711',
      currency: 'EUR',
      months: [{ month: '2026-02', amount: 4711.13, lower: 4000.5, upper: 5200.25 }],
      total: 4711.13,
      trend: 'stable',
      method: 'population profile',
      history_months: 1,
      backtest: null,
    },
  },
  '/v1/predict/anomaly': {
    route: '/api/v1/ml/anomaly/detect',
    request: {
      user_id: 'zoe-4711',
      transaction: { amount: -4711.13, currency: 'EUR', timestamp: '2026-03-14T03:00:00Z', merchant: 'Quagga Casino' },
    },
    answer: {
      prediction_id: ID,
      model: { name: 'anomaly', version: 'v1' },
      is_anomaly: true,
      score: 0.98,
      threshold: 0.9,
      severity: 'high',
      reasons: [{ code: 'amount', message: 'Much more than usual.', contribution: 0.7 }],
      history_size: 120,
    },
  },
  '/v1/predict/credit_risk': {
    route: '/api/v1/ml/credit/score',
    request: { income: 47_111.13, loan_amount: 13_131, term_months: 48 },
    answer: {
      prediction_id: ID,
      model: { name: 'credit_risk', version: 'v1' },
      probability_of_default: 0.04,
      score: 690,
      band: 'B',
      decision: 'approve',
      reasons: [{ code: 'short_history', feature: 'credit_history_years', message: 'Short history.', impact: 0.2 }],
      notice: null,
      cutoffs: { bands: [0.02, 0.05, 0.1, 0.2], review_from: 0.1, decline_from: 0.2 },
    },
  },
};
