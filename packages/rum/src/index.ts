export { measure, type MeasureOptions } from './measure.ts'
export { type EventArguments, type EventValues, type Measurement } from './measurement.ts'
export { type BeforeSend } from './sending/before-send.ts'
export { type Report } from './sending/report.ts'
