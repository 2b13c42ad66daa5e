import { Injectable } from '@nestjs/common';
import { PredictionService } from '../../ml-integration/services/prediction.service.js';

export interface ClassifyIntentInput {
  query: string;
  user_id?: string;
}

export interface ClassifyIntentOutput {
  intent: string;
  confidence: number;
  alternatives: readonly { intent: string; confidence: number }[];
}

/** Lets a reasoning agent ask what a user wants; `unknown` with confidence 0 when the ML service is away. */
@Injectable()
export class ClassifyIntentTool {
  readonly name = 'classify_intent';
  readonly description =
    'Classify what a user of a finance application asks for, in English or French. ' +
    'Returns the intent, how probable it is, and the next best intents.';
  /** JSON Schema of `execute`'s input, as tool-calling models take it. */
  readonly parameters = {
    type: 'object',
    properties: {
      query: { type: 'string', minLength: 1, maxLength: 2000, description: 'What the user wrote or said.' },
      user_id: { type: 'string', minLength: 1, maxLength: 256 },
    },
    required: ['query'],
    additionalProperties: false,
  } as const;

  constructor(private readonly predictions: PredictionService) {}

  async execute({ query, user_id }: ClassifyIntentInput): Promise<ClassifyIntentOutput> {
    const { intent, confidence, alternatives } = await this.predictions.classifyIntent(query, user_id);
    return { intent, confidence, alternatives };
  }
}
