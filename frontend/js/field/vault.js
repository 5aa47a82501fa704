// SPDX-FileCopyrightText: The wijkeconomie contributors
// SPDX-License-Identifier: EUPL-1.2
// The key of the local store, from a PIN.  Nothing on the device can be read without it, and nobody
// can give it back: who forgets the PIN loses what was not sent.
const ROUNDS = 600_000; // OWASP Password Storage Cheat Sheet: PBKDF2-HMAC-SHA256
const KNOWN = "wijkeconomie";
const text = new TextEncoder();

async function derive(pin, salt) {
  const base = await crypto.subtle.importKey("raw", text.encode(pin), "PBKDF2", false, ["deriveKey"]);
  const how = { name: "PBKDF2", hash: "SHA-256", salt, iterations: ROUNDS };
  return crypto.subtle.deriveKey(how, base, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
}

export class Vault {
  constructor(key) {
    this.key = key;
  }

  // A new lock for this PIN: what to store of it, and the vault that it opens.
  static async make(pin) {
    const salt = crypto.getRandomValues(new Uint8Array(16));
    const vault = new Vault(await derive(pin, salt));
    return [vault, { salt, check: await vault.seal(KNOWN) }];
  }

  // The vault behind a stored lock, or null for a wrong PIN.
  static async open(pin, lock) {
    const vault = new Vault(await derive(pin, lock.salt));
    try {
      return (await vault.unseal(lock.check)) === KNOWN ? vault : null;
    } catch {
      return null;
    }
  }

  async seal(value) {
    return this.sealBytes(text.encode(JSON.stringify(value)));
  }

  async unseal(sealed) {
    return JSON.parse(new TextDecoder().decode(await this.unsealBytes(sealed)));
  }

  async sealBytes(bytes) {
    const iv = crypto.getRandomValues(new Uint8Array(12));
    return { iv, bytes: await crypto.subtle.encrypt({ name: "AES-GCM", iv }, this.key, bytes) };
  }

  async unsealBytes({ iv, bytes }) {
    return crypto.subtle.decrypt({ name: "AES-GCM", iv }, this.key, bytes);
  }
}

// What anybody tries first: one digit all along, or each digit one step from the one before.
export function easy(pin) {
  const steps = new Set([...pin].slice(1).map((digit, n) => (Number(digit) - Number(pin[n]) + 10) % 10));
  return steps.size === 1 && [0, 1, 9].includes([...steps][0]);
}
