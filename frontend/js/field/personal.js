// SPDX-FileCopyrightText: The wijkeconomie contributors
// SPDX-License-Identifier: EUPL-1.2
// What looks like somebody's number or name, while typing.  The rules come along with the page, from
// fieldwork/personal.py; here they are only played.  It warns and replaces nothing by itself.

// Digits of every script as 0-9, marks of direction and odd spaces as a space: one for one.
export const plain = (text) =>
  text.replace(/\p{Nd}|[\p{Zs}\p{Cf}]|\p{Pd}/gu, (sign) => {
    const only = /\p{Nd}/u.test(sign) ? digit(sign) : /\p{Pd}/u.test(sign) ? "-" : " ";
    return only.padEnd(sign.length);
  });

function digit(sign) {
  let before = 0;
  while (/\p{Nd}/u.test(String.fromCodePoint(sign.codePointAt(0) - before - 1))) before += 1;
  return String(before % 10);
}

const digits = (text) => text.replace(/\D/g, "");
const WEIGHTS = [9, 8, 7, 6, 5, 4, 3, 2, -1];

export function eleven(number) {
  const full = [...number.padStart(9, "0")].map(Number);
  return Number(number) > 0 && full.reduce((sum, one, n) => sum + one * WEIGHTS[n], 0) % 11 === 0;
}

export function mod97(iban) {
  const turned = iban.slice(4) + iban.slice(0, 4);
  return [...turned].reduce((left, sign) => Number(`${left}${parseInt(sign, 36)}`) % 97, 0) === 1;
}

// How much of what the pattern found is meant: its end, or 0 for none of it.
const MEANT = {
  bsn: (found) => (digits(found).length === 9 && eleven(digits(found)) ? found.length : 0),
  iban: (found, { iban }) => {
    const places = [...found.matchAll(/[A-Za-z0-9]/g)];
    const letters = places.map(([sign]) => sign).join("").toUpperCase();
    const length = iban[letters.slice(0, 2)];
    return length && letters.length >= length && mod97(letters.slice(0, length)) ? places[length - 1].index + 1 : 0;
  },
};

// [{kind, start, end}] in order, without overlap: the earlier rule stays, of one rule the earlier place.
export function find(text, rules) {
  const [read, found] = [plain(text), []];
  for (const [kind, pattern] of rules.patterns) {
    for (const match of read.matchAll(new RegExp(pattern, "gu"))) {
      const words = match.groups?.it ?? match[0];
      const start = match.index + match[0].length - words.length;
      const end = start + (MEANT[kind]?.(words, rules) ?? words.length);
      if (end > start && found.every((one) => end <= one.start || start >= one.end)) found.push({ kind, start, end });
    }
  }
  return found.sort((one, other) => one.start - other.start);
}
