/** The part of shodan-client 3.2.0 that is used. The package carries no types. */
declare module 'shodan-client' {
  export interface CallOptions {
    readonly timeout?: number;
    readonly history?: boolean;
  }

  /** Its main module. */
  export interface ShodanClientModule {
    host(ip: string, key: string, options: CallOptions): Promise<unknown>;
    count(query: string, key: string, options: CallOptions): Promise<unknown>;
  }

  /** Its lib/utils: needed for what the main module cannot send (`minify=false`, `/api-info` with a timeout). */
  export interface ShodanClientUtils {
    request(
      section: string,
      path: string,
      options: {
        readonly params: Readonly<Record<string, string | number | boolean>>;
        readonly timeout: number;
      },
    ): Promise<unknown>;
  }
}
