import { applyDecorators } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiResponse } from '@nestjs/swagger';
import { schemas } from '../interfaces/generated/ml-api.schemas.js';
import type { components } from '../interfaces/generated/ml-api.js';

type Schema = Record<string, unknown>;
type SchemaName = keyof components['schemas'];

const DEGRADED = { type: 'boolean', description: 'The ML service was away; this is stale or empty.' };
const ERROR: Schema = {
  type: 'object',
  required: ['error'],
  properties: {
    error: {
      type: 'object',
      required: ['code', 'message', 'status', 'details', 'request_id'],
      properties: {
        code: { type: 'string' },
        message: { type: 'string' },
        status: { type: 'integer' },
        details: { type: 'array', items: inlined({ $ref: '#/components/schemas/ErrorDetail' }) },
        request_id: { type: 'string' },
      },
    },
  },
};
const ERRORS: Readonly<Record<number, string>> = {
  400: 'The body breaks the contract.',
  502: 'The ML service failed, or its answer cannot be used.',
  503: 'The ML service is away, full, or left alone for a while; see Retry-After.',
  504: 'The ML service did not answer in time.',
};

/**
 * Describe a prediction in the Swagger document by the contract's own schemas, so that there is no second description
 * to keep true.
 *
 * @param fallback example of what is answered when the service is away, where something is
 */
export function DescribesPrediction(
  summary: string,
  request: SchemaName,
  answer: SchemaName,
  fallback?: Schema,
): MethodDecorator {
  const told = named(answer);
  const served: Schema = {
    ...told,
    properties: { ...(told['properties'] as Schema), degraded: DEGRADED },
    required: [...(told['required'] as string[]), 'degraded'],
  };
  const schema = fallback === undefined ? served : { oneOf: [served, { type: 'object', example: fallback }] };
  return applyDecorators(
    ApiOperation({ summary }),
    ApiBody({ schema: named(request) }),
    ApiResponse({ status: 200, description: 'The prediction.', schema }),
    ...Object.entries(ERRORS).map(([status, description]) =>
      ApiResponse({ status: Number(status), description, schema: ERROR }),
    ),
  );
}

function named(name: SchemaName): Schema {
  return inlined({ $ref: `#/components/schemas/${name}` }) as Schema;
}

function inlined(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(inlined);
  if (typeof schema !== 'object' || schema === null) return schema;
  if ('$ref' in schema && typeof schema.$ref === 'string') return inlined(schemas[schema.$ref.split('/').at(-1) ?? '']);
  return Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, inlined(value)]));
}
