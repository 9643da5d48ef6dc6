let page = '';
let critical = 0;

function apply(): void {
  const name = page ? `${page} · Heliograph` : 'Heliograph';
  document.title = critical > 0 ? `(${critical}) ${name}` : name;
}

export function setPageTitle(title: string): void {
  page = title;
  apply();
}

/** Open critical alerts, so that a tab in the background tells of them. */
export function setCriticalCount(count: number): void {
  critical = count;
  apply();
}
