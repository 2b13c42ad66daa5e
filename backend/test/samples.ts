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
};
