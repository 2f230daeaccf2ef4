import source from '../favicon.svg';

export function Logo() {
  return <img className="logo" src={source} alt="" width={28} height={28} />;
}
