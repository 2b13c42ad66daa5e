import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { describe, expect, it } from 'vitest';
import { SAMPLES } from '../../../../test/samples.js';
import { BodyValidationPipe } from '../controllers/body-validation.pipe.js';
import { AnomalyDetectionDto } from '../dto/anomaly-detection.dto.js';
import { CreditRiskDto } from '../dto/credit-risk.dto.js';
import { IntentPredictionDto } from '../dto/intent-prediction.dto.js';
import { NerExtractionDto } from '../dto/ner-extraction.dto.js';
import { SpendingForecastDto } from '../dto/spending-forecast.dto.js';
import { schemas } from '../interfaces/generated/ml-api.schemas.js';
import { MLError } from '../services/ml-error.js';

type Fields = Record<string, unknown>;

interface Schema {
  type?: string;
  anyOf?: Schema[];
  $ref?: string;
  enum?: unknown[];
  minLength?: number;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
  properties?: Record<string, Schema>;
}

const DTOS = [
  ['IntentRequest', IntentPredictionDto, SAMPLES['/v1/predict/intent'].request],
  ['NerRequest', NerExtractionDto, SAMPLES['/v1/predict/ner'].request],
  ['SpendingRequest', SpendingForecastDto, SAMPLES['/v1/predict/spending'].request],
  ['AnomalyRequest', AnomalyDetectionDto, SAMPLES['/v1/predict/anomaly'].request],
  ['CreditRiskRequest', CreditRiskDto, SAMPLES['/v1/predict/credit_risk'].request],
] as const;

const ajv = addFormats.default(new Ajv2020({ strict: false }));
ajv.addSchema({ $id: 'contract', components: { schemas } });
const pipe = new BodyValidationPipe();

const obeysContract = (name: string, body: unknown) => ajv.validate(`contract#/components/schemas/${name}`, body);

async function obeysDto(dto: new () => object, body: unknown): Promise<boolean> {
  try {
    await pipe.transform(body, { type: 'body', metatype: dto });
    return true;
  } catch (error) {
    if (error instanceof MLError) return false;
    throw error;
  }
}

/** Values at and just beyond every bound that a field's schema has, and of every type. */
function probes(schema: Schema): unknown[] {
  const parts = schema.anyOf ?? [schema];
  const bounds = parts.flatMap(({ minLength, maxLength, minimum, maximum, enum: members }) => [
    ...(minLength === undefined ? [] : ['x'.repeat(minLength), 'x'.repeat(minLength - 1)]),
    ...(maxLength === undefined ? [] : ['x'.repeat(maxLength), '😀'.repeat(maxLength), 'x'.repeat(maxLength + 1)]),
    ...(minimum === undefined ? [] : [minimum, minimum - 1, minimum + 0.5]),
    ...(maximum === undefined ? [] : [maximum, maximum + 1, maximum - 0.5]),
    ...(members ?? []),
  ]);
  return [
    ...bounds,
    undefined,
    null,
    '',
    'x',
    'é',
    0,
    1,
    1.5,
    -1,
    true,
    [],
    {},
    [1],
    { a: 1 },
    '2026-02-28',
    '2026-02-30',
  ];
}

/** For the message of a test that fails: the values may be long. */
function shown(value: unknown): string {
  return value === undefined ? 'nothing' : JSON.stringify(value).slice(0, 40);
}

describe.each(DTOS)('%s', (name, dto, sample) => {
  const properties = (schemas[name] as Schema).properties ?? {};

  it('takes what the contract takes', async () => {
    expect(obeysContract(name, sample)).toBe(true);
    expect(await obeysDto(dto, sample)).toBe(true);
  });

  it.each(Object.keys(properties))('takes and refuses of %s what the contract does', async (field) => {
    for (const value of probes(properties[field] as Schema)) {
      const body: Fields = { ...sample, [field]: value };
      if (value === undefined) Reflect.deleteProperty(body, field);
      const told = shown(value);
      expect(`${told} ${await obeysDto(dto, body)}`).toBe(`${told} ${obeysContract(name, body)}`);
    }
  });

  it('refuses a field that the contract does not have', async () => {
    const body = { ...sample, tpo_k: 3 };
    expect(obeysContract(name, body)).toBe(false);
    expect(await obeysDto(dto, body)).toBe(false);
  });

  it.each([{ body: null }, { body: [] }, { body: [{}] }, { body: 'text' }, { body: 7 }, { body: {} }])(
    'refuses $body for a body',
    async ({ body }) => {
      expect(await obeysDto(dto, body)).toBe(false);
    },
  );
});

describe('nested fields', () => {
  const { request } = SAMPLES['/v1/predict/anomaly'];
  const transaction = (schemas['Transaction'] as Schema).properties ?? {};

  it.each(Object.keys(transaction))('of a transaction: %s', async (field) => {
    for (const value of probes(transaction[field] as Schema)) {
      // What the schema cannot say: a string that reads as a number, a time without a zone.
      if (['amount', 'timestamp'].includes(field) && typeof value === 'string') continue;
      const body = { ...request, transaction: { ...request.transaction, [field]: value } };
      const told = shown(value);
      const plain: unknown = JSON.parse(JSON.stringify(body));
      expect(`${told} ${await obeysDto(AnomalyDetectionDto, plain)}`).toBe(
        `${told} ${obeysContract('AnomalyRequest', plain)}`,
      );
    }
  });

  it.each(['12.50', '-3', '+1'])('an amount may be written %s', async (amount) => {
    const body = { ...request, transaction: { ...request.transaction, amount } };
    expect(await obeysDto(AnomalyDetectionDto, body)).toBe(true);
  });

  it.each(['', 'much', '1e5', '0x10', 'NaN', 'Infinity', '1,50', '9'.repeat(20)])('not %j', async (amount) => {
    const body = { ...request, transaction: { ...request.transaction, amount } };
    expect(await obeysDto(AnomalyDetectionDto, body)).toBe(false);
  });

  it.each(['2026-03-14T03:00:00Z', '2026-03-14T03:00:00.123+02:00', '2026-03-14T03:00:00', '2026-03-14'])(
    'a time may be written %s',
    async (timestamp) => {
      const body = { ...request, transaction: { ...request.transaction, timestamp } };
      expect(await obeysDto(AnomalyDetectionDto, body)).toBe(true);
    },
  );

  it.each(['', 'now', '14/03/2026', '2026-02-30T00:00:00Z'])('but not %j', async (timestamp) => {
    const body = { ...request, transaction: { ...request.transaction, timestamp } };
    expect(await obeysDto(AnomalyDetectionDto, body)).toBe(false);
  });

  it('are named by their path', async () => {
    const body = { ...request, history: [request.transaction, { ...request.transaction, currency: 'euro' }] };
    const refused = pipe.transform(body, { type: 'body', metatype: AnomalyDetectionDto });
    await expect(refused).rejects.toMatchObject({ context: { details: [{ field: 'history.1.currency' }] } });
  });
});
