// `npm ci` only when the lock file or the manifest changed since the last one: a Maven build must not wait for it each time.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';

const MARKER = 'node_modules/.installed-from';
const hash = createHash('sha256');
for (const file of ['package.json', 'package-lock.json']) hash.update(readFileSync(file));
const wanted = hash.digest('hex');

if (existsSync(MARKER) && readFileSync(MARKER, 'utf8') === wanted) {
  console.log('node_modules is up to date with package-lock.json');
} else {
  const { status } = spawnSync('npm', ['ci'], { stdio: 'inherit', shell: process.platform === 'win32' });
  if (status !== 0) process.exit(status ?? 1);
  writeFileSync(MARKER, wanted);
}
