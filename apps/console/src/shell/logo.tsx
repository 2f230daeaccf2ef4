/** The same picture as `favicon.svg`, drawn in place: an image would be one file more for the first picture. */
export function Logo() {
  return (
    <svg className="logo" viewBox="0 0 32 32" width={28} height={28} aria-hidden>
      <rect width="32" height="32" rx="7" fill="#0f6cbd" />
      <g fill="none" stroke="#fff" strokeLinecap="round" strokeLinejoin="round">
        <path d="M6 16.5 16 8l10 8.5M9.5 14.5V24h13v-9.5" strokeWidth="2.6" />
        <path d="M13 19h6m-2.4-2.6L19 19l-2.4 2.6" strokeWidth="2" />
      </g>
    </svg>
  );
}
