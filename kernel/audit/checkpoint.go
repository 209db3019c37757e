package audit

import (
	"context"
	"crypto/ecdsa"
	"crypto/rand"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"os"
	"slices"
	"time"

	"github.com/emmansun/gmsm/sm2"
	"github.com/emmansun/gmsm/sm3"
	"github.com/emmansun/gmsm/smx509"

	"gongkai/kernel/store"
)

// Checkpoint is a signed statement of where all chains stood. Kept elsewhere
// (printed, mailed, on another machine) it proves that nothing before it was
// made anew.
type Checkpoint struct {
	Number    int64  `json:"number"`
	Body      string `json:"body"`      // JSON, as signed
	Signature []byte `json:"signature"` // SM2 over Body with the default user id, ASN.1
}

// position is what a checkpoint says.
type position struct {
	Number int64      `json:"number"`
	At     string     `json:"at"`
	Before string     `json:"before"` // SM3 of the body before, hexadecimal; "" for the first
	Lanes  []laneHead `json:"lanes"`
}

type laneHead struct {
	Lane   int64  `json:"lane"`
	Number int64  `json:"number"`
	Hash   string `json:"hash"` // hexadecimal
}

// Key signs checkpoints: an SM2 key, kept in a file outside the database.
type Key struct{ private *sm2.PrivateKey }

// Public checks signatures.
type Public struct{ key *ecdsa.PublicKey }

// Public is the half of the key that may be given to anybody.
func (k Key) Public() Public { return Public{&k.private.PublicKey} }

const (
	privateBlock = "PRIVATE KEY"
	publicBlock  = "PUBLIC KEY"
)

// NewKey makes a key and keeps it in the file path (PKCS #8, PEM), which must
// not exist, readable by its owner only.
func NewKey(path string) (Key, error) {
	private, err := sm2.GenerateKey(rand.Reader)
	if err != nil {
		return Key{}, fmt.Errorf("audit: make a key: %w", err)
	}
	der, err := smx509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		return Key{}, fmt.Errorf("audit: make a key: %w", err)
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return Key{}, fmt.Errorf("audit: keep the key: %w", err)
	}
	err = pem.Encode(f, &pem.Block{Type: privateBlock, Bytes: der})
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return Key{}, fmt.Errorf("audit: keep the key: %w", err)
	}
	return Key{private}, nil
}

// LoadKey reads the file that NewKey wrote.
func LoadKey(path string) (Key, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return Key{}, fmt.Errorf("audit: the key: %w", err)
	}
	block, _ := pem.Decode(text)
	if block == nil || block.Type != privateBlock {
		return Key{}, fmt.Errorf("audit: %s holds no private key", path)
	}
	key, err := smx509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return Key{}, fmt.Errorf("audit: the key: %w", err)
	}
	private, ok := key.(*sm2.PrivateKey)
	if !ok {
		return Key{}, fmt.Errorf("audit: %s holds no SM2 key", path)
	}
	return Key{private}, nil
}

// PEM is the public key as text.
func (p Public) PEM() (string, error) {
	der, err := smx509.MarshalPKIXPublicKey(p.key)
	if err != nil {
		return "", fmt.Errorf("audit: the public key: %w", err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: publicBlock, Bytes: der})), nil
}

// ParsePublic reads what PEM wrote.
func ParsePublic(text string) (Public, error) {
	block, _ := pem.Decode([]byte(text))
	if block == nil || block.Type != publicBlock {
		return Public{}, errors.New("audit: no public key")
	}
	key, err := smx509.ParsePKIXPublicKey(block.Bytes)
	if err != nil {
		return Public{}, fmt.Errorf("audit: the public key: %w", err)
	}
	public, ok := key.(*ecdsa.PublicKey)
	if !ok || !sm2.IsSM2PublicKey(key) {
		return Public{}, errors.New("audit: not an SM2 key")
	}
	return Public{public}, nil
}

func (p Public) signed(c Checkpoint) bool {
	return sm2.VerifyASN1WithSM2(p.key, nil, []byte(c.Body), c.Signature)
}

// Check signs where the chains stand now and keeps the statement; a copy of it
// belongs elsewhere.
func Check(ctx context.Context, db *store.DB, key Key) (Checkpoint, error) {
	var c Checkpoint
	err := db.Do(ctx, func(ctx context.Context, tx *store.Tx) error {
		if err := tx.Lock(ctx, "audit.checkpoint"); err != nil {
			return err
		}
		p := position{At: tx.Now.Format(timeLayout)}
		all, err := heads(ctx, tx.SQL())
		if err != nil {
			return err
		}
		for _, lane := range sorted(all) {
			h := all[lane]
			p.Lanes = append(p.Lanes, laneHead{lane, h.number, hex.EncodeToString(h.hash[:])})
		}
		var before string
		err = tx.SQL().QueryRowContext(ctx, "select number, body from audit_checkpoint order by number desc limit 1").Scan(&p.Number, &before)
		if err == nil {
			hash := sm3.Sum([]byte(before))
			p.Before = hex.EncodeToString(hash[:])
		} else if !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		p.Number++
		body, err := json.Marshal(p)
		if err != nil {
			return err
		}
		c = Checkpoint{Number: p.Number, Body: string(body)}
		if c.Signature, err = key.private.SignWithSM2(rand.Reader, nil, body); err != nil {
			return err
		}
		_, err = tx.NewRaw("insert into audit_checkpoint (number, body, signature) values (?, ?, ?)",
			c.Number, c.Body, c.Signature).Exec(ctx)
		return err
	})
	if err != nil {
		return Checkpoint{}, fmt.Errorf("audit: checkpoint: %w", err)
	}
	return c, nil
}

// At is the instant of the checkpoint.
func (c Checkpoint) At() (time.Time, error) {
	var p position
	if err := json.Unmarshal([]byte(c.Body), &p); err != nil {
		return time.Time{}, fmt.Errorf("audit: checkpoint: %w", err)
	}
	return time.Parse(timeLayout, p.At)
}

func checkpoints(ctx context.Context, tx *sql.Tx) ([]Checkpoint, error) {
	rows, err := tx.QueryContext(ctx, "select number, body, signature from audit_checkpoint order by number")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []Checkpoint
	for rows.Next() {
		var c Checkpoint
		if err := rows.Scan(&c.Number, &c.Body, &c.Signature); err != nil {
			return nil, err
		}
		out = append(out, c)
	}
	return out, rows.Err()
}

// expect takes from every checkpoint with a good signature what the chains
// must hold. kept are those of the database, which must follow one another
// without a gap; outside are copies kept elsewhere, one by one. Without any
// key in trust the signatures are not looked at.
func (c *chain) expect(kept, outside []Checkpoint, trust []Public) {
	c.expected = map[place]Hash{}
	var number int64
	var hash string
	for _, cp := range kept {
		p := c.believe(cp, trust)
		if p.Number != number+1 || p.Before != hash {
			c.report.add(-1, cp.Number, "与前一个不相接，可能有检查点被删除")
		}
		sum := sm3.Sum([]byte(cp.Body))
		number, hash = cp.Number, hex.EncodeToString(sum[:])
	}
	for _, cp := range outside {
		c.believe(cp, trust)
	}
}

// believe returns what the checkpoint says, after noting what the chains must
// hold if its signature is good.
func (c *chain) believe(cp Checkpoint, trust []Public) (p position) {
	if err := json.Unmarshal([]byte(cp.Body), &p); err != nil || p.Number != cp.Number {
		c.report.add(-1, cp.Number, "内容被改动")
		return p
	}
	if len(trust) > 0 && !slices.ContainsFunc(trust, func(key Public) bool { return key.signed(cp) }) {
		c.report.add(-1, cp.Number, "签名无效")
		return p
	}
	c.report.Checkpoints++
	for _, l := range p.Lanes {
		if l.Number == 0 {
			continue
		}
		var h Hash
		if raw, err := hex.DecodeString(l.Hash); err == nil {
			copy(h[:], raw)
		}
		at := place{l.Lane, l.Number}
		if old, ok := c.expected[at]; ok && old != h {
			c.report.add(-1, cp.Number, "与另一个检查点矛盾")
		}
		c.expected[at] = h
	}
	return p
}
