import { z } from 'zod';

/** What kind of thing stands at a port. Names, roles and advice per class are in `config/classes.yaml` and `config/advice/`. */
export const ServiceClass = z.enum([
  'rdp',
  'vnc',
  'ssl-vpn',
  'ipsec-vpn',
  'telnet',
  'ssh',
  'smb',
  'directory',
  'asset-agent',
  'remote-control-agent',
  'mail-groupware',
  'mail-transfer',
  'file-transfer',
  'web-admin',
  'cms',
  'database',
  'appliance-admin',
  'iot',
  'c2-indicator',
  'coin-miner',
  'network-service',
  'web',
  'unknown',
]);
export type ServiceClass = z.infer<typeof ServiceClass>;

/** door: leads inside or controls a device · window: holds data · other: neither. */
export const Role = z.enum(['door', 'window', 'other']);
export type Role = z.infer<typeof Role>;

/** confirmed: a strong fact, or several · inferred: likely · to-confirm: one weak sign, or a passive record only. */
export const Certainty = z.enum(['confirmed', 'inferred', 'to-confirm']);
export type Certainty = z.infer<typeof Certainty>;
