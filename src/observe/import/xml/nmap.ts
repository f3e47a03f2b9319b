import type { ImportFormat } from '../format.ts';
import { NmapReader, scannerOf } from './nmap-reader.ts';

/** `nmap -oX` */
export const nmapXml: ImportFormat = {
  type: 'nmap',
  recognises: (head) => scannerOf(head) === 'nmap',
  open: (context, output) => new NmapReader('nmap', context, output),
};
