/** RC4, which OpenSSL has no more: old workbooks are encrypted by it, and nothing else should be. */

/** The first `length` bytes of the key's stream: a text XORed with them is encrypted, or decrypted. */
export function rc4Stream(key: Uint8Array, length: number): Uint8Array {
  const state = Uint8Array.from({ length: 256 }, (_, k) => k);
  const swap = (a: number, b: number): void => {
    const kept = state[a];
    state[a] = state[b];
    state[b] = kept;
  };
  let j = 0;
  for (let i = 0; i < 256; i++) {
    j = (j + state[i] + key[i % key.length]) & 0xff;
    swap(i, j);
  }
  const stream = new Uint8Array(length);
  let i = 0;
  j = 0;
  for (let k = 0; k < length; k++) {
    i = (i + 1) & 0xff;
    j = (j + state[i]) & 0xff;
    swap(i, j);
    stream[k] = state[(state[i] + state[j]) & 0xff];
  }
  return stream;
}
