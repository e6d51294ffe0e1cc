import assert from 'node:assert/strict'
import { test } from 'node:test'
import { csvText } from './csv.ts'

test('cells are quoted where they must be, and what is not known is empty', () => {
  const rows = [
    ['a "quoted", text', 1.5],
    [null, -3],
  ] as const
  assert.equal(csvText(['Name', 'n'], rows), 'Name,n\r\n"a ""quoted"", text",1.5\r\n,-3\r\n')
})

test('a text that a spreadsheet would run is inert, a negative number is a number', () => {
  const texts = ['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '  =1', '|cmd', 'a=1']
  const lines = csvText(
    ['x'],
    texts.map((text) => [text]),
  ).split('\r\n')
  assert.deepEqual(lines.slice(1, -1), ["'=1+1", "'+1", "'-1", "'@SUM(A1)", "'\t=1", "'  =1", "'|cmd", 'a=1'])
  assert.equal(csvText(['x'], [[-1]]), 'x\r\n-1\r\n')
})
