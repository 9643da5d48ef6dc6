/** Roots of the cache: the stream writes by them, the features read by them. */
export const keys = {
  me: ['me'],
  fleet: ['fleet'],
  devices: ['devices'],
  device: ['device'],
  alerts: ['alerts'],
  alert: ['alert'],
  rules: ['rules'],
  system: ['system'],
  quarantine: ['quarantine'],
  metricNames: ['metric-names'],
  ledger: ['ledger'],
} as const;
