/**
 * Stand-ins for Shodan and InternetDB as a process of its own, for network namespaces: `node --import tsx records.ts WORLD.json`.
 * Prints their two addresses as one JSON line, then "ready".
 */
import { readFileSync } from 'node:fs';
import { sendJson, startStandIn } from '../../observe/shodan/stand-in.ts';
import { shodan, type World } from '../../observe/shodan/world.ts';

const world = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as World;
const [records, ports] = await Promise.all([
  startStandIn(shodan(world)),
  startStandIn(({ path }, response) =>
    sendJson(response, {
      ip: path.slice(1),
      ports: [443],
      cpes: [],
      hostnames: ['vpn.kakuu.example'],
      tags: [],
      vulns: [],
    }),
  ),
]);
process.stdout.write(`${JSON.stringify({ shodan: records.origin, internetdb: ports.origin })}\nready\n`);
