/* Fills the places for receipts in lists of posts and beside the editors. */
;(function (wp, text) {
  'use strict'

  /** Looks again after an event was queued, ms: cron sends it, then the server fetches the post. */
  const pauses = [3000, 10000, 30000]

  /** Asks for the receipts of all places at once and shows them. */
  function fill(places) {
    const posts = [...new Set(places.map((place) => place.dataset.post))]
    if (posts.length === 0) return Promise.resolve()
    const query = posts.map((post) => `posts[]=${encodeURIComponent(post)}`).join('&')
    return wp.apiFetch({ path: `/peerpress/v1/receipts?${query}` }).then(
      (receipts) => {
        for (const place of places) {
          const receipt = receipts.find(({ post }) => String(post) === place.dataset.post)
          place.replaceChildren(...(receipt === undefined ? [] : parts(place, receipt)))
        }
        return places
      },
      () => {
        for (const place of places) place.textContent = text.failed
        return places
      },
    )
  }

  function parts(place, receipt) {
    const state = element('p', `peerpress-state peerpress-${receipt.state}`, receipt.text)
    const nodes = [state]
    if (receipt.details.length > 0) {
      const list = document.createElement('ul')
      list.append(...receipt.details.map((detail) => element('li', '', detail)))
      nodes.push(list)
    }
    if (receipt.retry) nodes.push(retryButton(place))
    if (place.dataset.switch === '1') nodes.push(...keepOut(place, receipt.off))
    return nodes
  }

  function retryButton(place) {
    const button = element('button', 'button button-small', text.retry)
    button.type = 'button'
    button.addEventListener('click', () => {
      send(place, 'retry', {})
    })
    return button
  }

  /** The switch is an action of its own: a save of the post never carries it, so an old tab cannot undo it. */
  function keepOut(place, isOff) {
    const label = document.createElement('label')
    const box = document.createElement('input')
    box.type = 'checkbox'
    box.checked = isOff
    box.addEventListener('change', () => {
      send(place, 'switch', { off: box.checked })
    })
    label.append(box, ` ${text.keepOut}`)
    return [label, element('p', 'description', text.keepOutHelp)]
  }

  function send(place, action, data) {
    for (const control of place.querySelectorAll('button, input')) control.disabled = true
    wp.apiFetch({ path: `/peerpress/v1/posts/${place.dataset.post}/${action}`, method: 'POST', data }).then(
      () => {
        for (const pause of pauses) setTimeout(() => fill([place]), pause)
        return fill([place])
      },
      () => {
        place.textContent = text.failed
      },
    )
  }

  function element(name, className, content) {
    const node = document.createElement(name)
    node.className = className
    node.textContent = content
    return node
  }

  window.peerpressReceipts = { fill }
  wp.domReady(() => {
    fill([...document.querySelectorAll('.peerpress-receipt')])
  })
})(window.wp, window.peerpressText)
