import { printReport } from '../print-report.ts'
import { attackRows } from './attack-rows.ts'
import { feedRows } from './feed-rows.ts'

// What rings of domains achieve in a simulated feed, and how fast a large feed is. The simulation times nothing: the same seeds
// give the same figures.
const isQuick = process.argv.includes('--quick')
const attacks = attackRows(isQuick ? { seeds: 2, days: 12 } : { seeds: 20, days: 21 })
const feed = await feedRows(
  isQuick
    ? { members: 200, posts: 2000, votes: 20_000, rounds: 5 }
    : { members: 2000, posts: 100_000, votes: 1_000_000, rounds: 50 },
)
printReport('community', [...attacks, ...feed])
