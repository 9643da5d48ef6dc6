// First-load JavaScript budget: what index.html pulls in before any route chunk, gzip, in kB (1000 bytes).
// Overview is the landing page, so its chunk counts as well.
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const BUDGET_KB = 230;
const LANDING = 'src/features/overview/OverviewPage.tsx';
const manifest = JSON.parse(readFileSync('dist/.vite/manifest.json', 'utf8'));

const files = new Set();
function collect(key) {
  const chunk = manifest[key];
  if (!chunk || files.has(chunk.file)) return;
  files.add(chunk.file);
  for (const next of chunk.imports ?? []) collect(next);
}
collect('index.html');
collect(LANDING);

let total = 0;
for (const file of files) {
  if (!file.endsWith('.js')) continue;
  const size = gzipSync(readFileSync(`dist/${file}`), { level: 9 }).length / 1000;
  total += size;
  console.log(`${size.toFixed(1).padStart(7)} kB  ${file}`);
}
console.log(`${total.toFixed(1).padStart(7)} kB  first load (budget ${BUDGET_KB} kB)`);
if (total > BUDGET_KB) {
  console.error(`First load is ${(total - BUDGET_KB).toFixed(1)} kB over its budget.`);
  process.exit(1);
}
