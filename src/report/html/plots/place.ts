/** Where things stand on a line that has no room for all of them at their own places. Pure geometry. */

/**
 * Centres of boxes of one width as near to their places as they can be without touching, in the same order, within `min` and `max`
 * (outer edges). More boxes than fit reach over `min`.
 *
 * @param places Ascending, in pixels.
 */
export function placeBoxes(places: readonly number[], width: number, min: number, max: number): number[] {
  const right: number[] = [];
  for (const place of places)
    right.push(Math.max(place, min + width / 2, (right.at(-1) ?? -Infinity) + width));
  const placed: number[] = [];
  let limit = max - width / 2;
  for (const at of right.toReversed()) {
    placed.unshift(Math.min(at, limit));
    limit = Math.min(at, limit) - width;
  }
  return placed;
}

/** Every label, or every second, third, … of them, so that none touches the next: what is left out is left out evenly. */
export function fitLabels<T extends { readonly left: number; readonly width: number }>(
  labels: readonly T[],
  gap: number,
): T[] {
  for (let step = 1; step < labels.length; step += 1) {
    const kept = labels.filter((_, index) => index % step === 0);
    const touches = kept.some(({ left }, index) => {
      const before = kept[index - 1];
      return before !== undefined && left < before.left + before.width + gap;
    });
    if (!touches) return kept;
  }
  return labels.slice(0, 1);
}

/** As many as there are, cut into pieces of at most `size`. */
export function pieces<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}
