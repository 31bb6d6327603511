import { Container, Spotlight, Spottable } from './Spotlight.jsx'

const FILMS = ['Northern Lights', 'The Long Ferry', 'Harbour Radio', 'Two Winters', 'Saltwater']

export function Home({ name, onSignIn }) {
  return (
    <Spotlight>
      <main className="home">
        <header>Fjord</header>
        <h1>{name ? `Hello, ${name}` : 'Stories from the coast'}</h1>
        <p>{name ? 'Your list is here. Go on where you stopped.' : 'Sign in to keep your place, on every screen you own.'}</p>
        <Container className="row">
          {name ? <Spottable isDefault>Continue watching</Spottable> : <Spottable isDefault onClick={onSignIn}>Sign in</Spottable>}
          <Spottable>Browse</Spottable>
        </Container>
        <h2>New this week</h2>
        <Container className="row shelf">
          {FILMS.map((film, index) => (
            <Spottable key={film} className={`tile tile-${index}`}>{film}</Spottable>
          ))}
        </Container>
      </main>
    </Spotlight>
  )
}
