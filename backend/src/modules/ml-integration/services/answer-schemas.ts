import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { schemas } from '../interfaces/generated/ml-api.schemas.js';
import type { components } from '../interfaces/generated/ml-api.js';

export type SchemaName = keyof components['schemas'];

const ajv = new Ajv2020({ strict: false, allErrors: false, validateFormats: true });
addFormats.default(ajv);
ajv.addSchema({ $id: 'contract', components: { schemas: tolerant(schemas) } });

// At the start and not at the first answer, which would wait for it.
const compiled = new Map(Object.keys(schemas).map((name) => [name, compile(name)]));

/** Say whether `body` is what the contract calls `name`. Fields that a newer service adds are let through. */
export function isSound(name: SchemaName, body: unknown): boolean {
  return compiled.get(name)?.(body) === true;
}

function compile(name: string): ValidateFunction {
  return ajv.compile({ $ref: `contract#/components/schemas/${name}` });
}

/** A field more in an answer breaks nobody; only a missing or wrong one does. */
function tolerant(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(tolerant);
  if (typeof schema !== 'object' || schema === null) return schema;
  const kept = Object.entries(schema).filter(([key, value]) => key !== 'additionalProperties' || value !== false);
  return Object.fromEntries(kept.map(([key, value]) => [key, tolerant(value)]));
}
