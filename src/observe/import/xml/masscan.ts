import type { ImportFormat } from '../format.ts';
import { NmapReader, scannerOf } from './nmap-reader.ts';

/** `masscan -oX`: nmap's elements, a host for each port, and a second one for what it said. */
export const masscanXml: ImportFormat = {
  type: 'masscan',
  recognises: (head) => scannerOf(head) === 'masscan',
  open: (context, output) => new NmapReader('masscan', context, output),
};
