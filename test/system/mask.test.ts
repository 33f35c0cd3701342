import { describe, expect, it } from 'vitest';
import { createMask } from '../../src/system/mask.js';

describe('masking', () => {
  it('hides the values of variables that are named like secrets, longest first', () => {
    const mask = createMask({
      GITHUB_TOKEN: 'abcdefgh',
      DEPLOY_KEY: 'abcdefgh-and-more',
      db_password: 'p@ss word/1',
      HOME: '/home/someone',
    });

    const masked = mask('abcdefgh abcdefgh-and-more p@ss word/1 p%40ss%20word%2F1 /home/someone');

    expect(masked).toBe('*** *** *** *** /home/someone');
  });

  it('hides a value wherever it stands in base64, in a URL and in JSON', () => {
    const value = 'p"s+word/1';
    const mask = createMask({ DB_PASSWORD: value });
    const base64 = ['', 'x', 'xy', 'user:'].map((before) =>
      Buffer.from(`${before}${value}!!`).toString('base64'),
    );

    const masked = mask(
      [...base64, encodeURIComponent(value).toLowerCase(), JSON.stringify({ value })].join('\n'),
    ).split('\n');

    expect(masked.every((line) => line.includes('***'))).toBe(true);
    expect(masked.slice(0, 4).map((line) => Math.ceil(line.replace('***', '').length / 8))).toEqual([
      1, 1, 1, 2,
    ]);
    expect(masked[5]).toBe('{"value":"***"}');
  });

  it.each(['NPM_AUTH', 'GITLAB_PAT', 'DB_PWD', 'SIGNING_PASSPHRASE', 'apikey'])(
    'takes %s for a secret',
    (name) => {
      expect(createMask({ [name]: 'somewhat-long' })('somewhat-long')).toBe('***');
    },
  );

  it.each(['PWD', 'OLDPWD', 'SSH_AUTH_SOCK', 'XDG_CONFIG_PATH'])('takes %s for none', (name) => {
    expect(createMask({ [name]: '/home/someone' })('/home/someone')).toBe('/home/someone');
  });

  it('leaves the first and the last line of a key alone, which are nobody’s secret', () => {
    const mask = createMask({ KEY: '-----BEGIN PRIVATE KEY-----\nMIIEvQIBADAN\n-----END PRIVATE KEY-----' });

    expect(mask('-----BEGIN PRIVATE KEY-----')).toBe('-----BEGIN PRIVATE KEY-----');
    expect(mask('> MIIEvQIBADAN')).toBe('> ***');
  });

  it('leaves short values and names of places alone', () => {
    const mask = createMask({
      USE_TOKEN: 'true',
      SSH_KEY_FILE: '/home/someone/.ssh/id',
      OTHER_KEY: undefined,
    });

    expect(mask('true /home/someone/.ssh/id')).toBe('true /home/someone/.ssh/id');
  });

  it('hides each line of a secret of several lines', () => {
    const mask = createMask({ SIGNING_KEY: 'first line of it\nsecond line of it' });

    expect(mask('> first line of it\n> second line of it')).toBe('> ***\n> ***');
  });

  it.each([
    [`ghp_${'a'.repeat(36)}`, '***'],
    [`github_pat_${'a1_'.repeat(20)}`, '***'],
    [`glpat-${'a'.repeat(20)}`, '***'],
    [`sk-ant-api03-${'a'.repeat(40)}`, '***'],
    ['AKIAABCDEFGHIJKLMNOP', '***'],
    [`eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.${'s'.repeat(43)}`, '***'],
    ['Authorization: Bearer 0123456789abcdef', 'Authorization: Bearer ***'],
    ['https://someone:hunter22@example.invalid/x', 'https://someone:***@example.invalid/x'],
    [
      '-----BEGIN RSA PRIVATE KEY-----\nMIIE\nabc\n-----END RSA PRIVATE KEY-----',
      '-----BEGIN RSA PRIVATE KEY-----\n***\n-----END RSA PRIVATE KEY-----',
    ],
  ])('knows the shape of %s', (text, expected) => {
    expect(createMask({})(text)).toBe(expected);
  });

  it.each([
    'a task-based-approach-to-everything',
    'http://localhost:8080/a@b',
    'the eyJewel',
    'Basic English',
  ])('leaves “%s” alone', (text) => {
    expect(createMask({})(text)).toBe(text);
  });
});
