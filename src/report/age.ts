/** How long ago, in the unit in which people think of it. */
export function formatAge(days: number): string {
  const minutes = Math.round(days * 1440);
  if (minutes < 1) return "just now";
  if (minutes < 120) return `${minutes} ${minutes === 1 ? "minute" : "minutes"} ago`;
  const hours = Math.round(days * 24);
  if (hours < 48) return `${hours} hours ago`;
  return `${Math.round(days)} days ago`;
}
