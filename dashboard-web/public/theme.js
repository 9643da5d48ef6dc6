// Runs before the first paint: a chosen theme must not flash the other one. A file, not inline, for the strict CSP.
try {
  const theme = localStorage.getItem('heliograph.theme');
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
} catch {
  // Storage may be blocked; then the system's preference decides.
}
