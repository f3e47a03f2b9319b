import { listen, readLine, type Listening, type Place } from './listening.ts';

export interface LineServerOptions extends Place {
  readonly greeting: string;
  /** Command in upper case → answer. QUIT and LOGOUT end the conversation; what is not listed is `unknown`. */
  readonly answers: Readonly<Record<string, string>>;
  readonly unknown: string;
  /** Commands that a harmless client never sends. */
  readonly forbidden: readonly string[];
}

/** A first speaker with line commands: SMTP, FTP, POP3 … */
export async function startLineServer(options: LineServerOptions): Promise<Listening> {
  return listen(options, async (socket, note) => {
    socket.write(`${options.greeting}\r\n`);
    for (;;) {
      const line = await readLine(socket);
      const command = line.split(' ')[0]?.toUpperCase() ?? '';
      if (options.forbidden.includes(command)) note(`command ${command}`);
      socket.write(`${options.answers[command] ?? options.unknown}\r\n`);
      if (command === 'QUIT' || command === 'LOGOUT') return;
    }
  });
}

export function startSmtp(place: Place, name = 'mail.kakuu.example'): Promise<Listening> {
  return startLineServer({
    ...place,
    greeting: `220 ${name} ESMTP Postfix (Debian/GNU)`,
    answers: {
      EHLO: `250-${name}\r\n250-PIPELINING\r\n250-SIZE 10240000\r\n250-STARTTLS\r\n250-ENHANCEDSTATUSCODES\r\n250 8BITMIME`,
      HELO: `250 ${name}`,
      NOOP: '250 2.0.0 Ok',
      QUIT: '221 2.0.0 Bye',
    },
    unknown: '502 5.5.2 Error: command not recognized',
    forbidden: ['AUTH', 'MAIL', 'RCPT', 'DATA', 'VRFY', 'EXPN'],
  });
}

export function startFtp(place: Place): Promise<Listening> {
  return startLineServer({
    ...place,
    greeting: '220 (vsFTPd 3.0.3)',
    answers: {
      FEAT: '211-Features:\r\n EPRT\r\n EPSV\r\n MDTM\r\n PASV\r\n SIZE\r\n UTF8\r\n211 End',
      QUIT: '221 Goodbye.',
    },
    unknown: '530 Please login with USER and PASS.',
    forbidden: ['USER', 'PASS', 'STOR', 'RETR', 'DELE'],
  });
}
