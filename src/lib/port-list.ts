/** "21-23,25,443" from a list of ports in any order. */
export function formatPorts(ports: Iterable<number>): string {
  const sorted = [...new Set(ports)].toSorted((a, b) => a - b);
  const parts: string[] = [];
  let start: number | undefined;
  for (const [index, port] of sorted.entries()) {
    start ??= port;
    if (sorted[index + 1] === port + 1) continue;
    parts.push(start === port ? `${port}` : `${start}-${port}`);
    start = undefined;
  }
  return parts.join(',');
}

/**
 * The reverse of `formatPorts`.
 *
 * @throws RangeError on anything that is not ports 1–65535, single or as ranges, joined by commas.
 */
export function parsePorts(text: string): number[] {
  const ports = new Set<number>();
  if (text.trim() === '') return [];
  for (const part of text.split(',')) {
    const match = /^\s*(\d{1,5})(?:\s*-\s*(\d{1,5}))?\s*$/.exec(part);
    const first = Number(match?.[1]);
    const last = Number(match?.[2] ?? match?.[1]);
    if (match === null || first < 1 || last > 65535 || last < first) {
      throw new RangeError(`"${part.trim()}" is not a port (1-65535) or a range such as 8000-8100`);
    }
    for (let port = first; port <= last; port += 1) ports.add(port);
  }
  return [...ports].toSorted((a, b) => a - b);
}
