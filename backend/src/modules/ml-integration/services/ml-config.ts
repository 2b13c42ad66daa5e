import { z } from 'zod';
import { MLConfig } from '../interfaces/ml-config.interface.js';

export type Environment = Readonly<Record<string, string | undefined>>;

export class InvalidSettings extends Error {
  override readonly name = 'InvalidSettings';
}

const WORDS: Readonly<Record<string, boolean>> = {
  true: true,
  '1': true,
  yes: true,
  on: true,
  false: false,
  '0': false,
  no: false,
  off: false,
};

const flag = (fallback: boolean) =>
  z
    .string()
    .default(String(fallback))
    .refine((text) => text.toLowerCase() in WORDS, { error: 'must be true or false' })
    .transform((text) => WORDS[text.toLowerCase()] ?? fallback);

const whole = (fallback: number, least: number, most: number, unit: string) => {
  const error = `must be a whole number${unit} from ${least} to ${most}`;
  return z
    .string()
    .default(String(fallback))
    .refine((text) => /^\d{1,9}$/.test(text) && Number(text) >= least && Number(text) <= most, { error })
    .transform(Number);
};

const address = (protocols: string[], example: string) =>
  z.string().refine((text) => URL.canParse(text) && protocols.includes(new URL(text).protocol), {
    error: `must be an address such as ${example}`,
  });

export const ML_SETTINGS = z.object({
  ML_SERVICE_URL: address(['http:', 'https:'], 'http://localhost:8000').default('http://localhost:8000'),
  ML_SERVICE_TIMEOUT: whole(30_000, 100, 30_000, ' of milliseconds'),
  ML_ENABLE_CACHING: flag(true),
  ML_CACHE_TTL: whole(3600, 1, 604_800, ' of seconds'),
  ML_CIRCUIT_BREAKER_THRESHOLD: whole(5, 1, 1000, ''),
  ML_CIRCUIT_BREAKER_TIMEOUT: whole(30_000, 100, 600_000, ' of milliseconds'),
  ML_API_KEY: z
    .string()
    .regex(/^[\x21-\x7e]+$/, { error: 'must be printable ASCII without spaces' })
    .optional(),
  REDIS_URL: address(['redis:', 'rediss:'], 'redis://localhost:6379').optional(),
});

/**
 * Return what `settings` makes of `environment`; what is unset or empty has its default.
 *
 * @throws InvalidSettings naming every variable that is wrong, without its value: a key must not reach a log.
 */
export function readSettings<T>(settings: z.ZodType<T>, environment: Environment): T {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const read = settings.safeParse(given);
  if (read.success) return read.data;
  const sentences = read.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`);
  throw new InvalidSettings(`wrong settings: ${sentences.join('; ')}`);
}

/** Return the settings of the module; README.md lists them. */
export function readMLConfig(environment: Environment): MLConfig {
  const settings = readSettings(ML_SETTINGS, environment);
  return {
    serviceUrl: settings.ML_SERVICE_URL,
    timeoutMs: settings.ML_SERVICE_TIMEOUT,
    cachingEnabled: settings.ML_ENABLE_CACHING,
    cacheTtlS: settings.ML_CACHE_TTL,
    breakerThreshold: settings.ML_CIRCUIT_BREAKER_THRESHOLD,
    breakerTimeoutMs: settings.ML_CIRCUIT_BREAKER_TIMEOUT,
    apiKey: settings.ML_API_KEY,
    redisUrl: settings.REDIS_URL,
  };
}
