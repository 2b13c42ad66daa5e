/** The README is true: its settings, its table of cases, its routes, its metrics. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { APP_SETTINGS } from '../src/app-config.js';
import { MLMetrics } from '../src/modules/ml-integration/services/ml-metrics.js';
import { ML_CASES } from '../src/modules/ml-integration/services/ml-error.js';
import { ML_SETTINGS } from '../src/modules/ml-integration/services/ml-config.js';
import { SAMPLES } from './samples.js';

const README = readFileSync(new URL('../README.md', import.meta.url), 'utf8');

function rows(heading: string): string[][] {
  const section = README.split(`\n## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';
  const lines = section.split('\n').filter((line) => line.startsWith('| ') && !line.startsWith('| --'));
  return lines.map((line) => line.split(' | ').map((cell) => cell.replace(/^\| | \|$/g, '').trim()));
}

describe('README', () => {
  it('has every setting with its default, and no other', () => {
    const defaults = { ...ML_SETTINGS.shape, ...APP_SETTINGS.shape };
    const told = Object.fromEntries(
      rows('Settings')
        .slice(1)
        .map(([name = '', value = '']) => [name.replaceAll('`', ''), value]),
    );
    const real = Object.entries(defaults).map(([name, setting]) => {
      const value = setting.parse(undefined);
      return [name, value === undefined ? '-' : `\`${value.toString()}\``];
    });
    expect(told).toEqual(Object.fromEntries(real));
  });

  it('has every case with its status', () => {
    const told = rows('How a call fares').flatMap(([, answered = '']) => {
      const [, status, code] = /^(\d{3}) `(\w+)`/.exec(answered) ?? [];
      return code === undefined || code === 'internal_error' ? [] : [`${code} ${status}`];
    });
    const real = Object.entries(ML_CASES).filter(([code]) => code !== 'ml_aborted');
    expect(told.sort()).toEqual(real.map(([code, { status }]) => `${code} ${status}`).sort());
  });

  it('has every route', () => {
    for (const { route } of Object.values(SAMPLES)) expect(README).toContain(`\`POST ${route}\``);
  });

  it('has what the module needs to be taken elsewhere, and the module needs nothing else', () => {
    const module = resolve(import.meta.dirname, '../src/modules/ml-integration');
    const files = readdirSync(module, { recursive: true, encoding: 'utf8' });
    const needed = new Set<string>();
    for (const file of files.filter((name) => name.endsWith('.ts') && !name.startsWith('__tests__'))) {
      for (const [, source = ''] of readFileSync(join(module, file), 'utf8').matchAll(/ from '([^']+)'/g)) {
        if (source.startsWith('.')) expect(resolve(module, file, '..', source)).toMatch(module);
        else if (!source.startsWith('node:')) needed.add(/^(@[^/]+\/)?[^/]+/.exec(source)?.[0] ?? '');
      }
    }
    const told = /`npm install ([^`]+)`/.exec(README)?.[1]?.split(' ') ?? [];
    const theirs = ['@nestjs/common', 'express']; // every Nest application has them
    expect([...told, ...theirs].sort()).toEqual([...needed].sort());
  });

  it('has every metric', async () => {
    const real = (await new MLMetrics().registry.getMetricsAsJSON()).map(({ name }) => name);
    const told = rows('What can be seen').map(([name = '']) => /^`(\w+)`/.exec(name)?.[1]);
    expect(told.filter(Boolean).sort()).toEqual(real.sort());
  });
});
