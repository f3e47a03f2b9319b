import type { ImportFormat } from './format.ts';
import { ledger } from './csv/ledger.ts';
import { shodanCsv } from './csv/shodan-convert.ts';
import { httpxTable, naabuTable } from './csv/tool-table.ts';
import { censys } from './json/censys.ts';
import { httpx } from './json/httpx.ts';
import { internetdb } from './json/internetdb.ts';
import { masscanJson } from './json/masscan.ts';
import { naabu } from './json/naabu.ts';
import { nuclei } from './json/nuclei.ts';
import { shodan } from './json/shodan.ts';
import { tlsx } from './json/tlsx.ts';
import { zgrab2 } from './json/zgrab2.ts';
import { grepable, masscanGrepable } from './text/grepable.ts';
import { masscanList } from './text/masscan-list.ts';
import { naabuList } from './text/naabu-list.ts';
import { nmapNormal } from './text/nmap-normal.ts';
import { nrich } from './text/nrich.ts';
import { masscanXml } from './xml/masscan.ts';
import { nmapXml } from './xml/nmap.ts';

/** Every kind of file that can be read. The first that recognises a file reads it: what says most about itself comes first. */
export const FORMATS: readonly ImportFormat[] = [
  nmapXml,
  masscanXml,
  shodan,
  shodanCsv,
  internetdb,
  censys,
  nuclei,
  httpx,
  tlsx,
  zgrab2,
  masscanJson,
  naabu,
  naabuTable,
  httpxTable,
  masscanList,
  grepable,
  nmapNormal,
  masscanGrepable,
  naabuList,
  nrich,
  ledger,
];
