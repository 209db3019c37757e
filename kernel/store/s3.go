package store

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
)

// S3Config says where the bucket is.
type S3Config struct {
	Endpoint string // host:port, without scheme
	Bucket   string // must exist
	Region   string
	Access   string // key id
	Secret   string
	Plain    bool   // http instead of https
	Prefix   string // before every name, for a bucket shared with others
}

// S3 is a Files in a bucket of a store that speaks the S3 protocol.
type S3 struct {
	client *minio.Client
	bucket string
	prefix string
}

// NewS3 checks that the bucket can be reached.
func NewS3(ctx context.Context, c S3Config) (*S3, error) {
	client, err := minio.New(c.Endpoint, &minio.Options{
		Creds:  credentials.NewStaticV4(c.Access, c.Secret, ""),
		Secure: !c.Plain, Region: c.Region, BucketLookup: minio.BucketLookupPath, MaxRetries: 4,
	})
	if err != nil {
		return nil, fmt.Errorf("files store: %w", err)
	}
	ok, err := client.BucketExists(ctx, c.Bucket)
	if err != nil {
		return nil, s3Fault(fmt.Errorf("files store: %w", err))
	}
	if !ok {
		return nil, fmt.Errorf("files store: no bucket %q at %s", c.Bucket, c.Endpoint)
	}
	return &S3{client, c.Bucket, c.Prefix}, nil
}

func (s *S3) key(hash string) string { return s.prefix + hash }

// Put learns the name from a local copy first; the store takes it only when
// nobody else put the same meanwhile.
func (s *S3) Put(ctx context.Context, r io.Reader, limit int64) (Ref, error) {
	part, err := os.CreateTemp("", "gongkai-put-")
	if err != nil {
		return Ref{}, DiskFault(err)
	}
	defer func() {
		_ = part.Close()
		_ = os.Remove(part.Name())
	}()
	ref, err := intake(ctx, part, r, limit)
	if err != nil {
		return Ref{}, DiskFault(err)
	}
	if has, ok, err := s.Has(ctx, ref.Hash); err != nil || ok && has.Size == ref.Size {
		return ref, err
	}
	if _, err := part.Seek(0, io.SeekStart); err != nil {
		return Ref{}, err
	}
	opts := minio.PutObjectOptions{ContentType: "application/octet-stream"}
	opts.SetMatchETagExcept("*")
	_, err = s.client.PutObject(ctx, s.bucket, s.key(ref.Hash), part, ref.Size, opts)
	if err != nil && s3Status(err) != http.StatusPreconditionFailed {
		return Ref{}, s3Fault(fmt.Errorf("put file %s: %w", ref.Hash, err))
	}
	return ref, nil
}

// Open implements Files.
func (s *S3) Open(ctx context.Context, hash string) (Content, error) {
	if !hashPattern.MatchString(hash) {
		return nil, noFile(errNoHash)
	}
	if _, ok, err := s.Has(ctx, hash); err != nil || !ok {
		if err == nil {
			err = noFile(fmt.Errorf("file %s is not in the bucket", hash))
		}
		return nil, err
	}
	object, err := s.client.GetObject(ctx, s.bucket, s.key(hash), minio.GetObjectOptions{})
	if err != nil {
		return nil, s3Fault(fmt.Errorf("get file %s: %w", hash, err))
	}
	return object, nil
}

// Has implements Files.
func (s *S3) Has(ctx context.Context, hash string) (Ref, bool, error) {
	if !hashPattern.MatchString(hash) {
		return Ref{}, false, nil
	}
	info, err := s.client.StatObject(ctx, s.bucket, s.key(hash), minio.StatObjectOptions{})
	if s3Status(err) == http.StatusNotFound {
		return Ref{}, false, nil
	}
	if err != nil {
		return Ref{}, false, s3Fault(fmt.Errorf("ask for file %s: %w", hash, err))
	}
	return Ref{hash, info.Size}, true, nil
}

// Remove implements Files.
func (s *S3) Remove(ctx context.Context, hash string) error {
	if !hashPattern.MatchString(hash) {
		return errNoHash
	}
	err := s.client.RemoveObject(ctx, s.bucket, s.key(hash), minio.RemoveObjectOptions{})
	if err != nil && s3Status(err) != http.StatusNotFound {
		return s3Fault(fmt.Errorf("remove file %s: %w", hash, err))
	}
	return nil
}

// Each implements Files.
func (s *S3) Each(ctx context.Context, fn func(Ref) error) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	for object := range s.client.ListObjectsIter(ctx, s.bucket, minio.ListObjectsOptions{Prefix: s.prefix, Recursive: true}) {
		if object.Err != nil {
			return s3Fault(fmt.Errorf("list files: %w", object.Err))
		}
		hash := object.Key[len(s.prefix):]
		if !hashPattern.MatchString(hash) {
			continue
		}
		if err := fn(Ref{hash, object.Size}); err != nil {
			return err
		}
	}
	return ctx.Err()
}

func s3Status(err error) int {
	var e minio.ErrorResponse
	if errors.As(err, &e) {
		return e.StatusCode
	}
	return 0
}
