import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ML_ENDPOINTS } from '../services/ml-endpoints.js';

const BACKEND = resolve(import.meta.dirname, '../../../..');
const CONTRACT = resolve(BACKEND, '../contracts/openapi.json');

interface OpenApi {
  paths: Record<string, { post?: { responses: Record<string, { content: Record<string, { schema: object }> }> } }>;
  components: { schemas: Record<string, { properties: Record<string, unknown> }> };
}

function check(backend: string): { status: number | null; stderr: string } {
  return spawnSync('node', ['scripts/types.mjs', '--check'], { cwd: backend, encoding: 'utf8' });
}

describe('generated types', () => {
  it('are what the committed contract makes', () => {
    expect(check(BACKEND)).toMatchObject({ status: 0, stderr: '' });
  });

  it('are seen to be stale when the contract changes', () => {
    const folder = mkdtempSync(join(tmpdir(), 'contract-'));
    try {
      const generated = 'src/modules/ml-integration/interfaces/generated';
      cpSync(join(BACKEND, 'scripts'), join(folder, 'backend/scripts'), { recursive: true });
      cpSync(join(BACKEND, generated), join(folder, 'backend', generated), { recursive: true });
      cpSync(resolve(CONTRACT, '..'), join(folder, 'contracts'), { recursive: true });
      symlinkSync(join(BACKEND, 'node_modules'), join(folder, 'backend/node_modules'));
      const contract = JSON.parse(readFileSync(CONTRACT, 'utf8')) as OpenApi;
      delete contract.components.schemas['IntentAnswer']?.properties['confidence'];
      writeFileSync(join(folder, 'contracts/openapi.json'), JSON.stringify(contract));
      const { status, stderr } = check(join(folder, 'backend'));
      expect(status).toBe(1);
      expect(stderr).toContain('run: make types');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('endpoints', () => {
  it('are the predictions of the contract, each held to the schema of its answer', () => {
    const { paths } = JSON.parse(readFileSync(CONTRACT, 'utf8')) as OpenApi;
    for (const [path, { post }] of Object.entries(paths)) {
      if (!path.startsWith('/v1/predict/')) continue;
      const schema = post?.responses['200']?.content['application/json']?.schema;
      const answer = ML_ENDPOINTS[path as keyof typeof ML_ENDPOINTS].answer;
      expect(schema, path).toEqual({ $ref: `#/components/schemas/${answer}` });
    }
  });
});
