/* Fills the elements for receipts in lists of posts and beside the editors. */
;(function (wp, text) {
  'use strict'

  /** Delays between requests for pending receipts, ms: cron sends the event, then the server fetches the post. */
  const pauses = [2000, 3000, 5000, 10000, 10000, 20000, 30000, 60000]

  /** Fills the elements, and requests pending receipts again after a delay. */
  function follow(places, [pause, ...later] = pauses) {
    fill(places).then(
      () => followLater(places.filter(isPending), pause, later),
      () => showFailure(places),
    )
  }

  function followLater(places, pause, later) {
    if (places.length > 0 && pause !== undefined) setTimeout(() => follow(places, later), pause)
  }

  function isPending(place) {
    return place.isConnected && place.querySelector('.peerpress-waiting') !== null
  }

  function showFailure(places) {
    for (const place of places) place.textContent = text.failed
  }

  /** Maximum posts in one request to the site. */
  const atOnce = 100

  /** Requests the receipts of all elements and shows them. */
  function fill(places) {
    const posts = [...new Set(places.map((place) => place.dataset.post))]
    const parts = []
    while (posts.length > 0) parts.push(posts.splice(0, atOnce))
    return Promise.all(
      parts.map((part) =>
        fillSome(
          places.filter((place) => part.includes(place.dataset.post)),
          part,
        ),
      ),
    )
  }

  async function fillSome(places, posts) {
    const query = posts.map((post) => `posts[]=${encodeURIComponent(post)}`).join('&')
    const receipts = await wp.apiFetch({ path: `/peerpress/v1/receipts?${query}` })
    for (const place of places) {
      const receipt = receipts.find(({ post }) => String(post) === place.dataset.post)
      place.replaceChildren(...(receipt === undefined ? [] : content(place, receipt)))
    }
  }

  function content(place, receipt) {
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

  /** Returns the switch. It is no field of the post's form, so that a save in an old tab cannot undo it. */
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
      () => follow([place]),
      () => showFailure([place]),
    )
  }

  function element(name, className, words) {
    const node = document.createElement(name)
    node.className = className
    node.textContent = words
    return node
  }

  /** Fills the receipts of new rows, because Quick Edit replaces rows of the list. */
  function watchRows(list) {
    const rows = new MutationObserver((changes) => {
      const added = changes.flatMap((change) => [...change.addedNodes])
      follow(added.flatMap((node) => [...(node.querySelectorAll?.('.peerpress-receipt') ?? [])]))
    })
    rows.observe(list, { childList: true })
  }

  window.peerpressReceipts = { follow }
  wp.domReady(() => {
    follow([...document.querySelectorAll('.peerpress-receipt')])
    const list = document.querySelector('#the-list')
    if (list !== null) watchRows(list)
  })
})(window.wp, window.peerpressText)
