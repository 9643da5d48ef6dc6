/** A tilted signalling mirror on its tripod, throwing a flash: a heliograph. */
export function Logo({ size = 24 }: { size?: number }) {
  return (
    <svg viewBox="0 0 32 32" width={size} height={size} aria-hidden="true">
      <path
        d="M16 21v8M9.5 29h13M8.2 12.5a7.9 7.9 0 0 0 15.6 0"
        fill="none"
        stroke="var(--text-2)"
        strokeWidth="2"
        strokeLinecap="round"
      />
      <ellipse cx="15.2" cy="12" rx="5.4" ry="6.8" transform="rotate(24 15.2 12)" fill="var(--accent)" />
      <path
        d="m22 7 6-3.6M23.6 10.4l6.2-.7M19.6 4.4 22 1"
        stroke="var(--warning)"
        strokeWidth="2.2"
        strokeLinecap="round"
      />
    </svg>
  );
}
