// Unpacks the browser, its libraries and its fonts into TMPDIR: the package knows no other place.
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import chromium, { inflate } from '@sparticuz/chromium';

const entry = import.meta.resolve('@sparticuz/chromium');
// By itself the package unpacks the libraries on AWS Lambda only.
await inflate(join(fileURLToPath(new URL('../bin', entry)), 'al2023.tar.br'));
console.log(await chromium.executablePath());
