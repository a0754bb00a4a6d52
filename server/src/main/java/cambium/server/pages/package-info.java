/// The pages: what a browser sees. View models are plain records made by pure functions from what the
/// reads answer; templates in `src/main/jte` turn them into HTML and know nothing else.
package cambium.server.pages;
