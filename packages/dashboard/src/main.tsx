import { render } from 'preact'
import { App } from './components/app.tsx'
import 'uplot/dist/uPlot.min.css'
import './styles/tokens.css'
import './styles/base.css'
import './styles/banner.css'
import './styles/page.css'
import './styles/figures.css'
import './styles/table.css'

render(<App />, document.getElementById('app')!)
