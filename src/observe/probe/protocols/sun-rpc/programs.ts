/** IANA registry "Remote Procedure Call (RPC) Program Numbers", those met on servers. */
const NAMES: Readonly<Record<number, string>> = {
  100_000: 'rpcbind',
  100_001: 'rstatd',
  100_002: 'rusersd',
  100_003: 'nfs',
  100_004: 'ypserv',
  100_005: 'mountd',
  100_007: 'ypbind',
  100_008: 'walld',
  100_009: 'yppasswdd',
  100_011: 'rquotad',
  100_012: 'sprayd',
  100_021: 'nlockmgr',
  100_024: 'status',
  100_068: 'cmsd',
  100_083: 'ttdbserverd',
  100_227: 'nfs_acl',
  100_232: 'sadmind',
  100_300: 'nisd',
  300_019: 'amd',
  390_113: 'nsrexec',
  395_648: 'vxi11',
  545_580_417: 'sgi_fam',
};

export function programName(program: number): string {
  return NAMES[program] ?? String(program);
}
