/* Fills the elements for the community on the settings page and beside the editors. */
;(function (wp, text) {
  'use strict'

  /** Requests the state of a post, or of the site, and shows it. */
  function follow(place) {
    return run(place, 'GET', '')
  }

  function run(place, method, action) {
    const { post } = place.dataset
    const path = post === '0' ? `/peerpress/v1/community${action}` : `/peerpress/v1/posts/${post}/community`
    for (const button of place.querySelectorAll('button')) button.disabled = true
    return wp.apiFetch({ path, method }).then(
      (state) => show(place, state),
      (error) => showFailure(place, error),
    )
  }

  function show(place, { text: words, actions, link }) {
    place.replaceChildren(
      paragraph(words),
      ...actions.map((action) => actionButton(place, action)),
      ...(link ? [feedLink(link)] : []),
    )
  }

  /** Shows why the server refused, and lets the user look again. */
  function showFailure(place, error) {
    const problem = paragraph(error?.message ?? text.failed)
    problem.className = 'peerpress-failed'
    problem.setAttribute('role', 'alert')
    const old = place.querySelectorAll('button')
    for (const button of old) button.disabled = false
    place.replaceChildren(problem, ...old)
  }

  function actionButton(place, action) {
    const button = document.createElement('button')
    button.type = 'button'
    button.className = 'button button-small'
    button.dataset.action = action
    button.textContent = text[action]
    button.addEventListener('click', () => {
      // oxlint-disable-next-line no-alert -- WordPress asks in this way before it deletes something
      if (action === 'leave' && !window.confirm(text.leaveHelp)) return
      run(place, 'POST', `/${action}`)
    })
    return button
  }

  function feedLink(href) {
    const line = document.createElement('p')
    const link = document.createElement('a')
    link.href = href
    link.textContent = text.open
    line.append(link)
    return line
  }

  function paragraph(words) {
    const line = document.createElement('p')
    line.textContent = words
    return line
  }

  window.peerpressFollowCommunity = follow
  wp.domReady(() => {
    for (const place of document.querySelectorAll('.peerpress-community')) follow(place)
  })
})(window.wp, window.peerpressCommunity)
