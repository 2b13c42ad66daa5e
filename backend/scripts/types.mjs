// Writes the TypeScript of contracts/openapi.json: its types, and its schemas for the check of live answers.
// With --check writes nothing and fails when a file is not what it would write.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import openapiTS, { astToString } from 'openapi-typescript';

const CONTRACT = new URL('../../contracts/openapi.json', import.meta.url);
const FOLDER = new URL('../src/modules/ml-integration/interfaces/generated/', import.meta.url);
const HEADER = '// Generated from contracts/openapi.json by `make types`. Not edited by hand.\n\n';

const contract = JSON.parse(readFileSync(CONTRACT, 'utf8'));
const types = await openapiTS(contract, {
  alphabetize: true,
  defaultNonNullable: false,
  excludeDeprecated: true,
  rootTypes: true,
  rootTypesNoSchemaPrefix: true,
});
const schemas = JSON.stringify(contract.components.schemas, null, 2);
const files = {
  'ml-api.ts': HEADER + astToString(types),
  'ml-api.schemas.ts':
    `${HEADER}export const contractVersion = '${contract.info.version}';\n\n` +
    `export const schemas: Readonly<Record<string, object>> = ${schemas};\n`,
};

const stale = Object.entries(files).filter(([name, text]) => {
  const file = new URL(name, FOLDER);
  return !existsSync(file) || readFileSync(file, 'utf8') !== text;
});
if (process.argv.includes('--check')) {
  for (const [name] of stale) console.error(`${name} is not what contracts/openapi.json makes; run: make types`);
  process.exitCode = stale.length > 0 ? 1 : 0;
} else {
  for (const [name, text] of stale) writeFileSync(new URL(name, FOLDER), text);
}
