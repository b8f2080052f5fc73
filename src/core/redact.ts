/** Shorter values cannot be masked without blacking out ordinary text. */
const SHORTEST = 4;

/**
 * Removes secrets from a text: as they are, percent-encoded, as JSON text and in base64.
 *
 * @param secrets the values; those of fewer than four characters are left alone
 */
export function redact(text: string, secrets: readonly string[]): string {
  const forms = secrets
    .filter((secret) => secret.length >= SHORTEST)
    .flatMap((secret) => [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1), btoaUtf8(secret)]);
  // Longest first, or a part would be replaced inside the whole.
  const ordered = [...new Set(forms)].sort((a, b) => b.length - a.length);
  return ordered.reduce((clean, form) => clean.replaceAll(form, "***"), text);
}

function btoaUtf8(text: string): string {
  return btoa(Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join(""));
}
