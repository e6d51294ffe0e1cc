/* The panel "PeerPress briefs" beside the block editor. All texts become text nodes, so that none of them is HTML. */
;(function (wp, text) {
  'use strict'

  const { createElement, useEffect, useState } = wp.element
  // WordPress 6.6 moved the panel to wp.editor.
  const Panel = (wp.editor && wp.editor.PluginDocumentSettingPanel) || wp.editPost.PluginDocumentSettingPanel
  const { SelectControl } = wp.components

  function list(items) {
    return Array.isArray(items) ? items : []
  }

  function named(heading, items, show) {
    if (list(items).length === 0) return null
    return createElement(
      'div',
      null,
      createElement('h3', null, heading),
      createElement(
        'ul',
        null,
        list(items).map((item, index) => createElement('li', { key: index, dir: 'auto' }, show(item))),
      ),
    )
  }

  const measured = (item) => `${item.text} (${Math.round(item.pixels)} px)`

  function link(item) {
    return /^https?:/.test(item.url) ? createElement('a', { href: item.url }, item.title) : item.title
  }

  function fact(item) {
    return `${item.text} (${[item.source, item.date, item.region].filter(Boolean).join(', ')})`
  }

  function Brief({ brief, post }) {
    const own = list(brief.update).filter((item) => item.post === post)
    return createElement(
      'div',
      { className: 'peerpress-brief' },
      createElement('p', null, createElement('strong', { dir: 'auto' }, brief.question)),
      createElement('p', null, brief.readers),
      createElement('p', null, brief.why),
      named(text.thisPost, own, (item) => item.reason),
      named(text.titles, brief.titles, measured),
      named(text.descriptions, brief.descriptions, measured),
      named(text.outline, brief.outline, (heading) => heading),
      named(text.links, brief.links, link),
      named(text.facts, brief.facts, fact),
    )
  }

  function Briefs() {
    const [briefs, setBriefs] = useState(null)
    const [hasFailed, setFailed] = useState(false)
    const [chosen, setChosen] = useState('')
    const post = wp.data.useSelect((select) => String(select('core/editor').getCurrentPostId()), [])
    useEffect(() => {
      wp.apiFetch({ path: '/peerpress/v1/briefs' })
        .then((answer) => setBriefs(list(answer.briefs)))
        .catch(() => setFailed(true))
    }, [])
    if (hasFailed) return createElement('p', { role: 'alert' }, text.failed)
    if (briefs === null) return createElement('p', null, text.loading)
    if (briefs.length === 0) return createElement('p', null, text.none)
    const own = briefs.find((brief) => list(brief.update).some((item) => item.post === post))
    const shown = briefs.find((brief) => brief.id === chosen) || own || briefs[0]
    return createElement(
      'div',
      null,
      createElement(SelectControl, {
        label: text.brief,
        value: shown.id,
        options: briefs.map((brief) => ({ label: brief.question, value: brief.id })),
        onChange: setChosen,
        __nextHasNoMarginBottom: true,
      }),
      createElement(Brief, { brief: shown, post }),
    )
  }

  wp.plugins.registerPlugin('peerpress-briefs', {
    icon: null,
    render: () =>
      createElement(Panel, { name: 'peerpress-briefs', title: text.title }, createElement(Briefs)),
  })
})(window.wp, window.peerpressBriefText)
