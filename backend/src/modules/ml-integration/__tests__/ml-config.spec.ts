import { describe, expect, it } from 'vitest';
import { readMLConfig } from '../services/ml-config.js';

describe('readMLConfig', () => {
  it('has a default for everything', () => {
    expect(readMLConfig({})).toEqual({
      serviceUrl: 'http://localhost:8000',
      timeoutMs: 30_000,
      cachingEnabled: true,
      cacheTtlS: 3600,
      breakerThreshold: 5,
      breakerTimeoutMs: 30_000,
      apiKey: undefined,
      redisUrl: undefined,
    });
  });

  it('takes what is given, and takes empty for unset', () => {
    const environment = {
      ML_SERVICE_URL: 'https://ml.internal/base',
      ML_SERVICE_TIMEOUT: '500',
      ML_CACHE_TTL: '',
      ML_API_KEY: 'key',
      REDIS_URL: 'redis://cache:6379/1',
    };
    expect(readMLConfig(environment)).toMatchObject({
      serviceUrl: 'https://ml.internal/base',
      timeoutMs: 500,
      cacheTtlS: 3600,
      apiKey: 'key',
      redisUrl: 'redis://cache:6379/1',
    });
  });

  it.each([
    ['false', false],
    ['FALSE', false],
    ['0', false],
    ['no', false],
    ['off', false],
    ['true', true],
    ['1', true],
    ['', true],
  ])('reads ML_ENABLE_CACHING=%s as %s', (text, meaning) => {
    expect(readMLConfig({ ML_ENABLE_CACHING: text }).cachingEnabled).toBe(meaning);
  });

  it.each([
    ['ML_SERVICE_URL', 'localhost:8000', 'must be an address such as http://localhost:8000'],
    ['ML_SERVICE_URL', 'ftp://host', 'must be an address such as http://localhost:8000'],
    ['ML_SERVICE_TIMEOUT', '30s', 'must be a whole number of milliseconds from 100 to 30000'],
    ['ML_SERVICE_TIMEOUT', '60000', 'must be a whole number of milliseconds from 100 to 30000'],
    ['ML_ENABLE_CACHING', 'maybe', 'must be true or false'],
    ['ML_CACHE_TTL', '-1', 'must be a whole number of seconds from 1 to 604800'],
    ['ML_CIRCUIT_BREAKER_THRESHOLD', '0', 'must be a whole number from 1 to 1000'],
    ['ML_CIRCUIT_BREAKER_TIMEOUT', '1e9', 'must be a whole number of milliseconds from 100 to 600000'],
    ['ML_API_KEY', 'two words', 'must be printable ASCII without spaces'],
    ['REDIS_URL', 'cache:6379', 'must be an address such as redis://localhost:6379'],
  ])('refuses %s=%s and says what it must be', (name, value, sentence) => {
    expect(() => readMLConfig({ [name]: value })).toThrow(`wrong settings: ${name} ${sentence}`);
  });

  it('names everything that is wrong at once, and no value', () => {
    const read = () => readMLConfig({ ML_CACHE_TTL: 'soon', ML_API_KEY: 'geheim nis' });
    expect(read).toThrow(/ML_CACHE_TTL .*; ML_API_KEY /);
    expect(read).not.toThrow(/geheim/);
  });
});
