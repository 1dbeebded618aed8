/** Drawn by hand on a 16-pixel grid, one stroke. */
const PATHS = {
  market: 'M2 4h6M2 8h9M2 12h4M12 2v12',
  performance: 'M2 12l4-4 3 2 5-6M10 4h4v4',
  risk: 'M8 2l5.5 2v4c0 3-2.5 5-5.5 6-3-1-5.5-3-5.5-6V4zM8 6v3M8 11v.5',
  model:
    'M4 4h0M4 12h0M12 8h0M5 4.5l6 3M5 11.5l6-3M3 4a1 1 0 102 0 1 1 0 10-2 0M3 12a1 1 0 102 0 1 1 0 10-2 0M11 8a1 1 0 102 0 1 1 0 10-2 0',
  backtests: 'M6 2h4M7 2v4L3 13.5h10L9 6V2M5.5 10h5',
  flight: 'M8 3a5.5 5.5 0 105.5 5.5M8 5.5v3l2 1.5M10 2l3 1-1 3',
  system: 'M3 3h10v4H3zM3 9h10v4H3zM5 5h1M5 11h1',
  theme: 'M8 2.5a5.5 5.5 0 100 11zM8 2.5a5.5 5.5 0 110 11',
  keys: 'M2 4.5h12v7H2zM4.5 7h0M7 7h0M9 7h0M11.5 7h0M5 9.5h6',
};

export type IconName = keyof typeof PATHS;

export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.5"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      <path d={PATHS[name]} />
    </svg>
  );
}

export function Logo() {
  return (
    <svg viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="6" fill="var(--raised)" />
      <path d="M7 10h8v4H7zM7 18h5v4H7z" fill="var(--buy)" />
      <path d="M17 10h5v4h-5zM17 18h8v4h-8z" fill="var(--sell)" />
      <path d="M15.5 5h1v22h-1z" fill="var(--accent)" />
    </svg>
  );
}
