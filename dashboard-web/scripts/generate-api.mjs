// Types of the API from its description. With `--check` nothing is written: it fails where the committed file differs.
import { readFileSync, writeFileSync } from 'node:fs';
import openapiTS, { astToString, COMMENT_HEADER } from 'openapi-typescript';

const DESCRIPTION = new URL('../../docs/api/openapi.yaml', import.meta.url);
const TYPES = new URL('../src/lib/api/schema.d.ts', import.meta.url);

const made = COMMENT_HEADER + astToString(await openapiTS(DESCRIPTION));
if (!process.argv.includes('--check')) {
  writeFileSync(TYPES, made);
} else if (made !== readFileSync(TYPES, 'utf8').replaceAll('\r\n', '\n')) {
  console.error(
    'src/lib/api/schema.d.ts is not what docs/api/openapi.yaml says. Mend it by: npm --prefix dashboard-web run generate',
  );
  process.exit(1);
}
