/** What went wrong with an update, in plain words. Pure. */
const words: readonly (readonly [RegExp, string])[] = [
  [
    /ERR_NAME_NOT_RESOLVED|ENOTFOUND|EAI_AGAIN/,
    'The update server has no address: this computer has no network, or the server is gone.',
  ],
  [/ERR_CONNECTION_REFUSED|ECONNREFUSED/, 'The update server refuses the connection.'],
  [
    /ERR_INTERNET_DISCONNECTED|ERR_NETWORK_CHANGED|ERR_ADDRESS_UNREACHABLE|ENETUNREACH/,
    'This computer has no network.',
  ],
  [/ERR_(?:CONNECTION_)?TIMED_OUT|ETIMEDOUT/, 'The update server did not answer in time.'],
  [/ERR_CERT_|ERR_SSL_/, 'The certificate of the update server is not trusted here.'],
  [/ERR_UPDATER_CHANNEL_FILE_NOT_FOUND|\b404\b/, 'The update server has nothing for this system.'],
  [
    /ERR_UPDATER_INVALID_SIGNATURE|not signed by|[Cc]ode signature/,
    'What was downloaded is not signed by the maker of this app. It was not installed.',
  ],
  [
    /ERR_CHECKSUM_MISMATCH|checksum mismatch/,
    'What was downloaded is damaged: its checksum is another one. It was not installed.',
  ],
  [
    /ERR_UPDATER_INVALID_UPDATE_INFO|ERR_UPDATER_NO_FILES_PROVIDED|ERR_UPDATER_NO_CHECKSUM|Cannot parse/,
    'The answer of the update server cannot be read.',
  ],
  [/ERR_UPDATER_OLD_FILE_NOT_FOUND/, 'The file this app was started from is not there any more.'],
  [/ENOSPC/, 'The disk is full.'],
  [/EACCES|EPERM|EROFS/, 'This user may not replace the app where it is installed.'],
];

export function updateFault(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const message = error instanceof Error ? error.message : String(error);
  const known = words.find(([pattern]) => pattern.test(`${code} ${message}`))?.[1];
  // The library appends whole answers and stack traces to its messages: the first line says what it is.
  return known ?? (message.split('\n')[0] ?? '').slice(0, 300);
}
