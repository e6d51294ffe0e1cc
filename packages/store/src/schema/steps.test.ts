import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { migrations } from './migrations.ts'

/** SHA-256 of the statements of each released step, hex. A new step adds a line; no line ever changes. */
const digests: Readonly<Record<string, string>> = {
  '1 views': '9f696aed719f18c6292c4beb5a218b9e7db07a8b0349f4bf3a0946ac0faebb03',
  '2 referral': 'cca7e40a60422dd8162bfb34cd0dd09ed32885379be6eb49ea717b404d666feb',
  '3 attribution': '5212539c82c58e3a6a9b58204a02162e76e3f592c712329c7836fbe97f5db43a',
  '4 session': 'a79409ad32b8140a3b5b0a66b1346c53ba252c2c6145b63ff4f029abe4f33572',
  '5 arrivals': '21355c55e1952a7563fcc833c7675686a57301b85512f23edbf372708d9acf5d',
  '6 cells': 'c19d638bc320bf34e54454b2614195b1fa3ede0a35da9f998365714c2e6c5a57',
  '7 experience': '4e0be803f69e108aa31a5e6d03dc08290ea6659c941a1bc273ce04f982ca65bb',
  '8 reception': 'd097ad8993c5fbf3b8a2de3cdc807373966c694c606cfb74760351d6c87aa2f2',
  '9 keeping': '5785dafda325a76efefdd7c14060fca9039559f904e233df9035b01cd8fd08d2',
  '10 rollups': '2859a666441c8d360a66ef6b436a50e2dda1bf9635d30e2fceede484361c4b8d',
  '11 compression': '37b46e33ed29eeb41b3ddf81d1b3dc7a4b5107834c8001902555bb37f33d9d57',
  '12 playback': '9e3bc04924b06f4214a28255a8df0a16cd8d0e372d26e433adf39f14b3a0a3c3',
  '13 short receipts': '043af07462b6fe6548bec59f2b84d8b97158b9ca34893a5c9c049b8aa3c60708',
  '14 arrived added up': '444e25596824094182324fdaa71a0aab57e6b1f4f91497879e2c6a5f498d8ff5',
  '15 origin load and long frames': '39015dd1378275a14c78f44e013814788e4a16e9da7ea4792d7d0a5340142544',
  '16 search weeks': '768120d74c7467bd013539447bac1055e5c0e1bf3cf981b7c4672f567a6d4c1d',
  '17 search figures': 'ad080307ee7ae368f4a89ebd3ffae1b5bc088a5d35e8c432a4a6002085fd8b4a',
  '18 connected views': '9ed1d246b818eceb9cbc936c1c0e55b7c4affa97aa9267d3505786efb911c3a7',
  '19 search properties': 'ed07b268a400f7d410859d3db4eea7290e9da6f44106829b741d44de46c4cf27',
}

test('the steps are numbered from 1, and no released step has changed', () => {
  assert.deepEqual(
    migrations.map(({ id }) => id),
    migrations.map((_, i) => i + 1),
  )
  const found = migrations.map(({ id, name, statements }) => [
    `${id} ${name}`,
    createHash('sha256').update(statements.join(';\n')).digest('hex'),
  ])
  assert.deepEqual(Object.fromEntries(found), digests)
})
