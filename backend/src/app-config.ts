import { z } from 'zod';
import { Environment, readSettings } from './modules/ml-integration/services/ml-config.js';

export interface AppConfig {
  readonly port: number;
  readonly host: string;
  readonly logLevel: 'debug' | 'info' | 'warning' | 'error';
}

export const APP_SETTINGS = z.object({
  PORT: z
    .string()
    .default('3000')
    .refine((text) => /^\d{1,5}$/.test(text) && Number(text) <= 65_535, { error: 'must be a port from 0 to 65535' })
    .transform(Number),
  HOST: z.string().default('0.0.0.0'),
  LOG_LEVEL: z
    .enum(['debug', 'info', 'warning', 'error'], { error: 'must be debug, info, warning or error' })
    .default('info'),
});

/** Return the settings of the application itself; README.md lists them. */
export function readAppConfig(environment: Environment): AppConfig {
  const settings = readSettings(APP_SETTINGS, environment);
  return { port: settings.PORT, host: settings.HOST, logLevel: settings.LOG_LEVEL };
}
