import { describe, expect, it } from 'vitest';
import { createDoor, createToken, loginCodeLifeMs, sessionLifeMs } from '../../../gateway/api/token.ts';

const token = createToken();
let now = 0;
const open = () => createDoor({ token, port: () => 8787, secure: false, now: () => now });
const cookieOf = (cookies: readonly string[] | null): string => cookies?.[0]?.split(';')[0] ?? '';

describe('the token', () => {
  it('is 256 bits in hex and never the same', () => {
    expect(token).toMatch(/^[0-9a-f]{64}$/);
    expect(createToken()).not.toBe(token);
  });

  it('is taken from the Authorization header or the WebSocket subprotocols', () => {
    const door = open();
    expect(door.hasToken({ authorization: `Bearer ${token}` })).toBe(true);
    expect(door.hasToken({ authorization: `bearer  ${token}` })).toBe(true);
    expect(door.hasToken({ 'sec-websocket-protocol': `aism.v1, aism.token.${token}` })).toBe(true);
  });

  it.each([
    {},
    { authorization: '' },
    { authorization: token },
    { authorization: `Basic ${token}` },
    { authorization: `Bearer ${token.slice(1)}` },
    { authorization: `Bearer ${token}0` },
    { authorization: `Bearer ${token.toUpperCase()}x` },
    { 'sec-websocket-protocol': `aism.v1, ${token}` },
    { cookie: `aism_session_8787=${token}` },
  ])('is not found in %j', (headers) => {
    expect(open().admits(headers)).toBe(false);
  });
});

describe('a login link', () => {
  it('works once', () => {
    const door = open();
    const code = door.mintCode();
    const cookie = cookieOf(door.redeem(code));
    expect(door.admits({ cookie })).toBe(true);
    expect(door.hasToken({ cookie })).toBe(false);
    expect(door.redeem(code)).toBeNull();
    expect(door.redeem('guess')).toBeNull();
  });

  it('works for ten minutes, its session for twelve hours', () => {
    const door = open();
    const late = door.mintCode();
    const code = door.mintCode();
    const cookie = cookieOf(door.redeem(code));
    now += loginCodeLifeMs + 1;
    expect(door.redeem(late)).toBeNull();
    expect(door.admits({ cookie })).toBe(true);
    now += sessionLifeMs;
    expect(door.admits({ cookie })).toBe(false);
  });

  it('holds the session in this gateway only: neither another one nor another port takes the cookie', () => {
    const door = open();
    const cookie = cookieOf(door.redeem(door.mintCode()));
    expect(open().admits({ cookie })).toBe(false);
    expect(door.admits({ cookie: cookie.replace('8787', '8788') })).toBe(false);
    expect(door.admits({ cookie: `other=1; ${cookie}; more=2` })).toBe(true);
  });

  it('sets a cookie that scripts cannot read and other sites cannot send, over TLS only where there is TLS', () => {
    const door = createDoor({ token, port: () => 8787, secure: true });
    const cookies = door.redeem(door.mintCode()) ?? [];
    expect(cookies).toHaveLength(2);
    for (const cookie of cookies) expect(cookie).toMatch(/HttpOnly; SameSite=Strict; Max-Age=\d+; Secure$/);
  });
});
